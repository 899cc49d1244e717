import { bytesBelow, highBits, mixed, plainIn, specialsIn } from './bytes.js';
import { kind } from './scalars.js';
import { isUtf8 } from './utf8.js';

const quote = 0x22;
const minus = 0x2d;
const zero = 0x30;

/** Their bytes, the first one lowest. */
const words = { null: 0x6c6c756e, true: 0x65757274, fals: 0x736c6166 };

/**
 * Where the text that begins at `start`, behind its quote, has its closing quote; with all bits inverted when it is not ASCII, which is below
 * −1. −1 when there is an escape or a control character, or no quote before `end`.
 */
export const textEnd = (view: DataView, start: number, end: number): number => {
  let bits = 0;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    if ((plainIn(view.getInt32(at, true)) & plainIn(view.getInt32(at + 4, true))) !== highBits) break;
  }
  for (; at < end; at += 4) {
    const word = at + 4 <= end ? view.getInt32(at, true) : lastWord(view, at, end);
    const specials = specialsIn(word);
    if (specials === 0) {
      bits |= word;
      continue;
    }
    const plain = bytesBelow(specials);
    bits |= word & ((1 << (plain * 8)) - 1);
    at += plain;
    if (at >= end || view.getUint8(at) !== quote) return -1;
    return (bits & highBits) === 0 ? at : ~at;
  }
  return -1;
};

/** The kind of the word that begins here: `null`, `false` or `true`; −1 when it is none of them. */
export const wordAt = (view: DataView, at: number, end: number): number => {
  if (at + 4 > end) return -1;
  const word = view.getInt32(at, true);
  if (word === words.true) return kind.true;
  if (word === words.null) return kind.null;
  return word === words.fals && at + 5 <= end && view.getUint8(at + 4) === 0x65 ? kind.false : -1;
};

/** Where the scalar that begins here ends; −1 when it is not certain that `JSON.parse` reads one. What follows must be looked at, too. */
export const scalarEnd = (bytes: Buffer, view: DataView, at: number, end: number): number => {
  if (at >= end) return -1;
  const first = view.getUint8(at);
  if (first === quote) return textPassed(bytes, view, at + 1, end);
  if (first === minus || (first ^ zero) <= 9) return numberEnd(bytes, at);
  const word = wordAt(view, at, end);
  return word < 0 ? -1 : at + (word === kind.false ? 5 : 4);
};

const textPassed = (bytes: Buffer, view: DataView, start: number, end: number): number => {
  const found = textEnd(view, start, end);
  if (found >= -1) return found < 0 ? -1 : found + 1;
  return isUtf8(bytes, start, ~found) ? ~found + 1 : -1;
};

/** Bytes that are not there are no digits, either. */
const isDigitAt = (bytes: Buffer, at: number): boolean => ((bytes[at] ?? 0) ^ zero) <= 9;

const numberEnd = (bytes: Buffer, start: number): number => {
  const integer = bytes[start] === minus ? start + 1 : start;
  let at = integer;
  while (isDigitAt(bytes, at)) at += 1;
  if (at === integer || (bytes[integer] === zero && at > integer + 1)) return -1;
  if (bytes[at] !== 0x2e) return at;
  const fraction = at + 1;
  at = fraction;
  while (isDigitAt(bytes, at)) at += 1;
  return at === fraction ? -1 : at;
};

/** Of the text that begins at `start`, up to its quote or whatever else may not stand for itself. Equal bytes give equal hashes. */
export const hashOfTextAt = (view: DataView, start: number, end: number): number => {
  let hash = 0;
  for (let at = start; at < end; at += 4) {
    const word = at + 4 <= end ? view.getInt32(at, true) : lastWord(view, at, end);
    const specials = specialsIn(word);
    if (specials !== 0) return mixed(hash ^ (word & ((1 << (bytesBelow(specials) * 8)) - 1)));
    hash = mixed(hash ^ word);
  }
  return hash;
};

/** The bytes up to `end`, and zeros, which are controls, behind them. */
const lastWord = (view: DataView, at: number, end: number): number => {
  let word = 0;
  for (let i = at; i < end; i += 1) word |= view.getUint8(i) << ((i - at) * 8);
  return word;
};
