import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { RawRecord } from '../model/raw-record.js';
import type { BodyFault, Rejection } from '../model/rejection.js';
import type { LimitSetting } from '../model/settings.js';
import { isCutOff } from './cut-off.js';

/** The object in a record's value, or what is the matter with its bytes. */
export const readJsonBody = (record: RawRecord, limits: LimitSetting): Either<Rejection, Record<string, unknown>> => {
  if (record.valueLength === 0) return fault('empty', 'the value has no bytes');
  if (record.valueLength > limits.maxValueBytes) {
    return fault('too_large', `the value has ${record.valueLength} bytes; at most ${limits.maxValueBytes} are read`);
  }
  const text = record.text();
  if (text.includes('\uFFFD') && !isUtf8(record)) return fault('invalid_utf8', 'the value is not valid UTF-8');
  if (mayBeDeep(text, limits.maxDepth) && depthOf(text) > limits.maxDepth) {
    return fault('too_deep', `nested more than ${limits.maxDepth} deep`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return notJson(text, error);
  }
  if (!isObject(value))
    return fault('not_object', `the top is ${Array.isArray(value) ? 'an array' : typeOf(value)}, not an object`);
  if (mayHoldForbidden(text)) {
    const key = forbiddenKey(value);
    if (key !== null) return fault('forbidden_key', `the key ${key} is not accepted`);
  }
  return right(value);
};

const fault = (tag: BodyFault, message: string): Either<Rejection, never> => left({ _tag: tag, message });

const notJson = (text: string, error: unknown): Either<Rejection, never> => {
  const reason = escaped(error instanceof Error ? error.message : String(error));
  return isCutOff(text) ? fault('truncated', `the value ends in the middle: ${reason}`) : fault('not_json', reason);
};

/** The parser quotes the record, which may hold anything; messages travel in headers and logs. */
const escaped = (text: string): string =>
  text.replace(/[^\P{C}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown): string => (value === null ? 'null' : `a ${typeof value}`);

/** U+FFFD may also stand in the text as itself. */
const isUtf8 = (record: RawRecord): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(record.value ?? new Uint8Array());
    return true;
  } catch {
    return false;
  }
};

/** Fewer opening brackets than levels allowed: nearly every record, and much cheaper to see than the depth itself. */
const mayBeDeep = (text: string, maxDepth: number): boolean => {
  let openings = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      openings += 1;
      if (openings > maxDepth) return true;
    }
  }
  return false;
};

/** How deep brackets outside strings nest; the top counts as one. */
const depthOf = (text: string): number => {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
};

const forbidden = ['__proto__', 'constructor'];

/** A key may be written with escapes, so a backslash is reason enough to look. */
const mayHoldForbidden = (text: string): boolean => text.includes('\\') || forbidden.some((key) => text.includes(key));

/** Depth is bounded by now. */
const forbiddenKey = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && forbidden.includes(key)) return key;
    const found = forbiddenKey(inner);
    if (found !== null) return found;
  }
  return null;
};
