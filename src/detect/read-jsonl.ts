import type { Readable } from 'node:stream';
import { type Columns, type Reading, UnreadableSeries, valueOf } from './reading.js';
import { timeForms, timeOf } from './time-of.js';

/** Reads a file of one JSON object a line. Empty lines are passed over. */
export async function* readJsonl(source: Readable, file: string, columns: Columns): AsyncGenerator<Reading> {
  let line = 0;
  for await (const text of linesOf(source)) {
    line += 1;
    // Cuts off a byte order mark, too.
    const trimmed = text.trim();
    if (trimmed !== '') yield readingOf(objectOf(trimmed, file, line), file, line, columns);
  }
}

/** Not by readline: its lines do not end with an error when the file can't be read. */
async function* linesOf(source: Readable): AsyncGenerator<string> {
  source.setEncoding('utf8');
  let rest = '';
  for await (const text of source as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
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
  return { timestamp: timestamp as string | number, atMs, value, line };
};
