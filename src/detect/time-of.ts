import { parseRfc3339 } from '../../streams/codecs/rfc3339.js';

export const timeForms = 'RFC 3339, YYYY-MM-DD HH:MM:SS (taken as UTC), or seconds or milliseconds since 1970';

/** Below it a number counts seconds (up to the year 5138), from it on milliseconds (from March 1973). */
const leastMs = 1e11;

/** Reads a timestamp of a file as epoch ms; null when it is none. */
export const timeOf = (given: unknown): number | null => {
  if (typeof given === 'number') return fromEpoch(given);
  if (typeof given !== 'string') return null;
  const text = given.trim();
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return fromEpoch(Number(text));
  const atMs = parseRfc3339(text);
  if (typeof atMs === 'number') return atMs;
  if (atMs === 'invalid') return null;
  const asUtc = parseRfc3339(`${text}Z`);
  return typeof asUtc === 'number' ? asUtc : null;
};

const fromEpoch = (value: number): number | null => {
  if (!Number.isFinite(value)) return null;
  return Math.abs(value) < leastMs ? value * 1000 : value;
};
