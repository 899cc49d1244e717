import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import type { Alert } from '../../streams/model/alert.js';
import type { WindowResult } from '../../streams/model/window.js';
import { StoredTally } from '../../streams/operators/tally.js';
import { StoredLatest } from '../../streams/state/latest-memory.js';
import { StoredWindows } from '../../streams/state/window-memory.js';
import { ServiceError } from '../service-error.js';

const orNull = t.union([t.number, t.null]);

const StoredResult: t.Type<WindowResult> = t.type({
  device: t.string,
  metric: t.string,
  startMs: t.number,
  endMs: t.number,
  count: t.number,
  sum: t.number,
  min: t.number,
  max: t.number,
  mean: t.number,
  variance: t.number,
  first: t.number,
  last: t.number,
  revision: t.number,
  isClosed: t.boolean,
});

const StoredAlert: t.Type<Alert> = t.type({
  id: t.string,
  rule: t.string,
  device: t.string,
  metric: t.string,
  severity: t.keyof({ info: null, warning: null, error: null, critical: null }),
  state: t.keyof({ active: null, cleared: null }),
  version: t.number,
  message: t.string,
  raisedAtMs: t.number,
  raisedValue: t.number,
  raisedOffset: t.number,
  peakValue: t.number,
  clearedAtMs: orNull,
  clearedValue: orNull,
  clearedOffset: orNull,
});

/** Of a device, what people see of it. A member is absent when the operator that writes it was not in the pipeline. */
const StoredDevice = t.partial({ latest: StoredLatest, window: StoredWindows });
const StoredOwn = t.partial({ tally: StoredTally });

/** Decodes one stored text. Errors: throws `ServiceError` `state_corrupt` when it is not what was written. */
const decoder =
  <A>(what: string, codec: t.Type<A>) =>
  (text: string): A => {
    const decoded = codec.decode(parsed(what, text));
    if (isLeft(decoded)) throw corrupt(what, PathReporter.report(decoded).join('; '));
    return decoded.right;
  };

const parsed = (what: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw corrupt(what, 'is not JSON', cause);
  }
};

const corrupt = (what: string, why: string, cause?: unknown): ServiceError =>
  new ServiceError('state_corrupt', `a stored ${what} can not be read: ${why}; docs/redis.md tells how to look at it`, {
    cause,
  });

export const decodeDevice = decoder('device', StoredDevice);
export const decodeOwn = decoder('partition', StoredOwn);
export const decodeWindow = decoder('window', StoredResult);
export const decodeAlert = decoder('alert', StoredAlert);
