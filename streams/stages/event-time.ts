import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { shown } from '../codecs/explain.js';
import { parseRfc3339 } from '../codecs/rfc3339.js';
import type { Rejection } from '../model/rejection.js';

/** Epoch ms lie between these for 1973 to 5138; seconds lie below, microseconds above. */
export const leastMs = 1e11;
export const greatestMs = 1e14;

const missing = (path: string) =>
  left<Rejection>({ _tag: 'ts_missing', message: `${path} is missing; nothing is put in its place` });

export const isTimeInMs = (value: unknown): value is number =>
  typeof value === 'number' && value >= leastMs && value <= greatestMs && Number.isInteger(value);

/** Event time of the nested format and of what is in an envelope: a whole number of epoch ms. */
export const timeInMs = (value: unknown, path: string): Either<Rejection, number> => {
  if (isTimeInMs(value)) return right(value);
  if (value === undefined || value === null) return missing(path);
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return left({
      _tag: 'schema',
      path,
      message: `${path}: expected epoch milliseconds, found ${shown(value)}`,
    });
  }
  if (value >= leastMs && value <= greatestMs) {
    return left({ _tag: 'schema', path, message: `${path}: expected whole milliseconds, found ${value}` });
  }
  const unit = value <= 0 ? 'no time' : value < leastMs ? 'seconds' : 'microseconds or nanoseconds';
  return left({ _tag: 'ts_unit', message: `${path}: expected epoch milliseconds, ${value} looks like ${unit}` });
};

/** Event time of the flat format: an RFC 3339 text with a zone. */
export const timeInText = (value: unknown, path: string): Either<Rejection, number> => {
  if (value === undefined || value === null || value === '') return missing(path);
  if (typeof value === 'number') {
    return left({
      _tag: 'ts_unit',
      message: `${path}: expected an RFC 3339 text in this format, found the number ${value}`,
    });
  }
  if (typeof value !== 'string') {
    return left({
      _tag: 'schema',
      path,
      message: `${path}: expected an RFC 3339 text, found ${shown(value)}`,
    });
  }
  const timeMs = parseRfc3339(value);
  if (typeof timeMs === 'number') return right(timeMs);
  if (timeMs === 'tz_missing') {
    return left({
      _tag: 'tz_missing',
      message: `${path}: ${shown(value)} has no zone; write Z or an offset like +08:00`,
    });
  }
  return left({ _tag: 'schema', path, message: `${path}: expected an RFC 3339 text, found ${shown(value)}` });
};
