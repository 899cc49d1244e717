import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../config/quantity.js';

/** Of a flag: `30s`, in ms. */
export const duration = (text: string): number => {
  const ms = parseDuration(text);
  if (ms === null || ms <= 0) throw new InvalidArgumentError('Expected a time with its unit, such as 30s or 5m.');
  return ms;
};

/** Of a flag: an instant with its zone, in epoch ms. */
export const instant = (text: string): number => {
  const ms = /(?:[Zz]|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Expected a time with its zone, such as 2026-01-02T03:04:05Z.');
  return ms;
};
