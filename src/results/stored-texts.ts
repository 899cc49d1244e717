import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import { StoredAlert } from '../../streams/alerts/episode.js';
import type { ToldWindow, WindowResult } from '../../streams/model/window.js';
import { StoredTally } from '../../streams/operators/tally.js';
import { StoredLatest } from '../../streams/state/latest-memory.js';
import { StoredWindowRules } from '../../streams/state/window-memory.js';
import { ServiceError } from '../service-error.js';

const StoredResult: t.Type<WindowResult> = t.type({
  rule: t.string,
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
  isCut: t.boolean,
  more: t.record(t.string, t.union([t.number, t.null])),
});

/** A closed window as it is stored: what people see of it, and not how it came. Member by member: a rest of so many takes as long as the text. */
export const windowText = (told: ToldWindow): string => {
  const { rule, device, metric, startMs, endMs, count, sum, min, max } = told;
  const { mean, variance, first, last, revision, isClosed, isCut, more } = told;
  return JSON.stringify({ rule, device, metric, startMs, endMs, count, sum, min, max, mean, variance, first, last, revision, isClosed, isCut, more }); // prettier-ignore
};

/** Of a device, what people see of it. A member is absent when the operator that writes it was not in the pipeline. */
const StoredDevice = t.partial({ latest: StoredLatest, window: StoredWindowRules });
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
