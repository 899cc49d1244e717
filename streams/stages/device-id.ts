import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { shown } from '../codecs/explain.js';
import type { Rejection } from '../model/rejection.js';

const grammar = /^[\p{L}\p{N}._:-]{1,128}$/u;

/** Letters, digits and `._:-`, one to 128 code points of them. Judged before anything is remembered of a device. */
export const checkedId = (id: string): Either<Rejection, string> =>
  isPlain(id) || grammar.test(id)
    ? right(id)
    : left({
        _tag: 'bad_id',
        message: `the device id ${shown(id)} is not 1 to 128 letters, digits or ._:-`,
      });

/** ASCII letters, digits and `._:-`: nearly every id, without the cost of Unicode classes. */
const isPlain = (id: string): boolean => {
  if (id.length === 0 || id.length > 128) return false;
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
    const isDigit = code >= 0x30 && code <= 0x3a; // and the colon, which follows 9
    if (!isLetter && !isDigit && code !== 0x5f && code !== 0x2d && code !== 0x2e) return false;
  }
  return true;
};
