import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Columns, type Reading, UnreadableSeries, valueOf } from './reading.js';
import { timeForms, timeOf } from './time-of.js';

/** Reads a file of one JSON object a line. Empty lines are passed over. */
export async function* readJsonl(source: Readable, file: string, columns: Columns): AsyncGenerator<Reading> {
  const failed = new Promise<never>((_, reject) => source.once('error', reject));
  failed.catch(() => undefined);
  const lines = createInterface({ input: source, crlfDelay: Infinity })[Symbol.asyncIterator]();
  try {
    for (let line = 1; ; line += 1) {
      const next = await Promise.race([lines.next(), failed]);
      if (next.done === true) return;
      if (next.value.trim() !== '') yield readingOf(objectOf(next.value, file, line), file, line, columns);
    }
  } finally {
    source.destroy();
  }
}

const objectOf = (text: string, file: string, line: number): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new UnreadableSeries(file, line, `this line is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
  throw new UnreadableSeries(file, line, 'this line is no JSON object');
};

const readingOf = (
  object: Readonly<Record<string, unknown>>,
  file: string,
  line: number,
  columns: Columns,
): Reading => {
  const memberOf = (name: string, flag: string): unknown => {
    if (Object.hasOwn(object, name)) return object[name];
    const there = Object.keys(object)
      .map((each) => `"${each}"`)
      .join(', ');
    throw new UnreadableSeries(file, line, `there is no member "${name}"; there are ${there}. Name it with ${flag}`);
  };
  const timestamp = memberOf(columns.time, '--time');
  const written = memberOf(columns.value, '--value');
  const atMs = timeOf(timestamp);
  const value = valueOf(written);
  if (atMs === null)
    throw new UnreadableSeries(file, line, `${JSON.stringify(timestamp)} is no time; write ${timeForms}`);
  if (value === null)
    throw new UnreadableSeries(file, line, `${JSON.stringify(written)} is no number, in "${columns.value}"`);
  return { timestamp: timestamp as string | number, atMs, value };
};
