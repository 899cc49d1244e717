import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import { StoredAlert } from '../../streams/alerts/episode.js';
import type { ToldWindow, WindowResult } from '../../streams/model/window.js';
import { StoredTally } from '../../streams/operators/tally.js';
import { ConstantBytes } from '../../streams/state/json/constant-bytes.js';
import { JsonBytes } from '../../streams/state/json/json-bytes.js';
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

const member = {
  rule: new ConstantBytes('{"rule":'),
  device: new ConstantBytes(',"device":'),
  metric: new ConstantBytes(',"metric":'),
  startMs: new ConstantBytes(',"startMs":'),
  endMs: new ConstantBytes(',"endMs":'),
  count: new ConstantBytes(',"count":'),
  sum: new ConstantBytes(',"sum":'),
  min: new ConstantBytes(',"min":'),
  max: new ConstantBytes(',"max":'),
  mean: new ConstantBytes(',"mean":'),
  variance: new ConstantBytes(',"variance":'),
  first: new ConstantBytes(',"first":'),
  last: new ConstantBytes(',"last":'),
  revision: new ConstantBytes(',"revision":'),
  isClosed: new ConstantBytes(',"isClosed":'),
  isCut: new ConstantBytes(',"isCut":'),
  nothingMore: new ConstantBytes(',"more":{}}'),
};

/** Writes a closed window as it is stored: what people see of it, and not how it came. */
export const writeWindow = (told: ToldWindow, json: JsonBytes): void => {
  json.constant(member.rule);
  json.string(told.rule);
  json.constant(member.device);
  json.string(told.device);
  json.constant(member.metric);
  json.string(told.metric);
  json.constant(member.startMs);
  json.number(told.startMs);
  json.constant(member.endMs);
  json.number(told.endMs);
  json.constant(member.count);
  json.number(told.count);
  json.constant(member.sum);
  json.number(told.sum);
  json.constant(member.min);
  json.number(told.min);
  json.constant(member.max);
  json.number(told.max);
  json.constant(member.mean);
  json.number(told.mean);
  json.constant(member.variance);
  json.number(told.variance);
  json.constant(member.first);
  json.number(told.first);
  json.constant(member.last);
  json.number(told.last);
  json.constant(member.revision);
  json.number(told.revision);
  json.constant(member.isClosed);
  json.text(told.isClosed ? 'true' : 'false');
  json.constant(member.isCut);
  json.text(told.isCut ? 'true' : 'false');
  if (isEmpty(told.more)) json.constant(member.nothingMore);
  else json.text(`,"more":${JSON.stringify(told.more)}}`);
};

export const windowText = (told: ToldWindow): string => {
  const json = new JsonBytes(512);
  writeWindow(told, json);
  return json.taken().toString();
};

const isEmpty = (more: object): boolean => {
  for (const _name in more) return false;
  return true;
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
