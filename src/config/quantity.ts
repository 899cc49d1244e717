/** Durations and sizes as people write them: a number with a unit, never a bare number. */

interface Unit {
  readonly name: string;
  readonly factor: number;
}

/** Greatest first, so that writing a value out finds the shortest form. */
const durations: readonly Unit[] = [
  { name: 'd', factor: 86_400_000 },
  { name: 'h', factor: 3_600_000 },
  { name: 'm', factor: 60_000 },
  { name: 's', factor: 1_000 },
  { name: 'ms', factor: 1 },
];

const sizes: readonly Unit[] = [
  { name: 'GiB', factor: 1_073_741_824 },
  { name: 'GB', factor: 1_000_000_000 },
  { name: 'MiB', factor: 1_048_576 },
  { name: 'MB', factor: 1_000_000 },
  { name: 'KiB', factor: 1_024 },
  { name: 'KB', factor: 1_000 },
  { name: 'B', factor: 1 },
];

/** Longest names first: of `ms` and `m`, the one that is meant. */
const parts = (units: readonly Unit[], flags: string): RegExp => {
  const names = units.map((unit) => unit.name).sort((a, b) => b.length - a.length);
  return new RegExp(`(\\d+(?:\\.\\d+)?)(${names.join('|')})`, flags);
};

const durationPart = parts(durations, 'g');
export const durationForm = /^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/;
const sizeForm = new RegExp(`^${parts(sizes, '').source}$`, 'i');

const factorOf = (units: readonly Unit[], name: string): number =>
  units.find((unit) => unit.name.toLowerCase() === name.toLowerCase())?.factor ?? NaN;

/** `250ms`, `30s`, `1.5h`, `1m30s` in milliseconds; null when it is anything else or no whole number of milliseconds. */
export const parseDuration = (text: string): number | null => {
  if (!durationForm.test(text)) return null;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(durationPart))
    totalMs += Number(amount) * factorOf(durations, unit ?? '');
  return Number.isSafeInteger(totalMs) ? totalMs : null;
};

/** `64KB`, `4MiB` in bytes; null when it is anything else or no whole number of bytes. Case of the unit does not matter. */
export const parseSize = (text: string): number | null => {
  const [, amount, unit] = sizeForm.exec(text) ?? [];
  const bytes = Number(amount) * factorOf(sizes, unit ?? '');
  return Number.isSafeInteger(bytes) ? bytes : null;
};

const written = (units: readonly Unit[], value: number, smallest: string): string => {
  const fits = units.find((unit) => value !== 0 && value % unit.factor === 0);
  return fits === undefined ? `${value}${smallest}` : `${value / fits.factor}${fits.name}`;
};

/** The shortest form that `parseDuration` reads back to the same value. */
export const formatDuration = (ms: number): string => written(durations, ms, 'ms');

/** The shortest form that `parseSize` reads back to the same value. */
export const formatSize = (bytes: number): string => written(sizes, bytes, 'B');
