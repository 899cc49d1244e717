import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type Columns, type Reading, UnreadableSeries, valueOf } from './reading.js';
import { timeForms, timeOf } from './time-of.js';

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

const options = {
  bom: true,
  info: true,
  delimiter: [',', ';', '\t'],
  trim: true,
  skip_empty_lines: true,
  relax_column_count: true,
};

/** Reads a CSV file with a header line, one row at a time. */
export async function* readCsv(source: Readable, file: string, columns: Columns): AsyncGenerator<Reading> {
  const parser = parse(options);
  source.on('error', (error) => parser.destroy(error));
  let places: { readonly time: number; readonly value: number } | null = null;
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<Row>) {
      if (places === null) {
        places = placesOf(record, file, columns);
        continue;
      }
      const timestamp = record[places.time] ?? '';
      const written = record[places.value];
      const atMs = timeOf(timestamp);
      const value = written === undefined ? null : valueOf(written);
      if (atMs === null) throw new UnreadableSeries(file, info.lines, `"${timestamp}" is no time; write ${timeForms}`);
      if (value === null)
        throw new UnreadableSeries(
          file,
          info.lines,
          `"${written ?? ''}" is no number, in the column "${columns.value}"`,
        );
      yield { timestamp, atMs, value, line: info.lines };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new UnreadableSeries(file, Number(error['lines']), error.message);
    throw error;
  } finally {
    source.destroy();
  }
  if (places === null) throw new UnreadableSeries(file, 1, 'there is no header line');
}

const placesOf = (
  header: readonly string[],
  file: string,
  columns: Columns,
): { readonly time: number; readonly value: number } => {
  const placeOf = (name: string, flag: string): number => {
    const place = header.indexOf(name);
    if (place >= 0) return place;
    const there = header.map((each) => `"${each}"`).join(', ');
    throw new UnreadableSeries(file, 1, `there is no column "${name}"; there are ${there}. Name it with ${flag}`);
  };
  return { time: placeOf(columns.time, '--time'), value: placeOf(columns.value, '--value') };
};
