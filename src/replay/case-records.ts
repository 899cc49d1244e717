import { type Chunk, chunkOf } from '../../streams/model/chunk.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import { asOffset } from '../../streams/model/units.js';
import { type TestCase, timeIn } from '../rules/cases.js';
import { deviceText } from './device-text.js';
import { topic } from './replay.js';

type CaseRecord = TestCase['records'][number];

/** More than a case is good for. */
export const mostRecords = 1_000_000;

/** How many records one entry of a case stands for. */
export const countOf = (test: TestCase, { at, repeat }: CaseRecord): number =>
  repeat === null ? 1 : Math.max(1, Math.floor((timeIn(test, repeat.until) - timeIn(test, at)) / repeat.every) + 1);

const perChunk = 500;

/** The records of a case, as one partition would hold them. */
export function* chunksOf(test: TestCase): Generator<Chunk<RawRecord>> {
  let records: RawRecord[] = [];
  let next = 0;
  const taken = (): Chunk<RawRecord> => {
    const chunk = chunkOf({ topic, partition: 0 }, records, asOffset(next));
    records = [];
    return chunk;
  };
  for (const record of test.records) {
    const count = countOf(test, record);
    for (let i = 0; i < count; i += 1) {
      records.push(rawRecord(test, record, i, next));
      next += 1;
      if (records.length === perChunk) yield taken();
    }
  }
  yield taken();
}

/** The `i`th repetition. */
const rawRecord = (test: TestCase, record: CaseRecord, i: number, offset: number): RawRecord => {
  const { device, at, logged_at: loggedAt, values, units, repeat } = record;
  const laterMs = i * (repeat?.every ?? 0);
  const atMs = timeIn(test, at) + laterMs;
  const parts = {
    device,
    atMs,
    fields: test.devices?.[device] ?? {},
    values: Object.fromEntries(Object.entries(values).map(([metric, list]) => [metric, list[i % list.length] ?? NaN])),
    units: units ?? {},
  };
  return RawRecord.of({
    offset: asOffset(offset),
    timestampMs: loggedAt === null ? atMs : timeIn(test, loggedAt) + laterMs,
    key: device,
    value: deviceText(parts),
  });
};
