import { readdirSync, readFileSync } from 'node:fs';
import { of } from 'rxjs';
import { defaultSettings } from '../../src/rules/default-settings.js';
import { chunkOf, type Outcome } from '../../streams/model/chunk.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import { asOffset } from '../../streams/model/units.js';
import { devicePipeline, type OwnOperator } from '../../streams/pipeline.js';
import { PartitionState } from '../../streams/state/partition-state.js';

/** Kafka timestamp of every fixture: 77 ms after the event time that most of them hold. */
export const ingestMs = 1_754_100_930_200;
export const eventMs = 1_754_100_930_123;

export const settings = defaultSettings();
export const source = { topic: 'device-data', partition: 0 };

const folder = new URL('../fixtures/', import.meta.url);

/** `records/flat.json`, `bad/empty` */
export const bytesOf = (path: string): Buffer => readFileSync(new URL(path, folder));
export const namesIn = (path: 'records' | 'bad'): readonly string[] => readdirSync(new URL(path, folder));

export const recordOf = (
  value: Buffer | string | null,
  offset = 0,
  { key = null, timestampMs = ingestMs }: { readonly key?: string | null; readonly timestampMs?: number } = {},
): RawRecord => RawRecord.of({ offset: asOffset(offset), timestampMs, key, value });

/** Sends records through a whole pipeline, as one chunk. */
export const through = (
  records: readonly RawRecord[],
  state = PartitionState.empty(source),
  own?: OwnOperator,
): { readonly outcome: Outcome; readonly state: PartitionState } => {
  const next = asOffset((records.at(-1)?.offset ?? -1) + 1);
  const outcomes: Outcome[] = [];
  const faults: unknown[] = [];
  of(chunkOf(source, records, next))
    .pipe(devicePipeline(settings, state, own))
    .subscribe({ next: (outcome) => outcomes.push(outcome), error: (error: unknown) => faults.push(error) });
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('the pipeline gave nothing', { cause: faults[0] });
  return { outcome, state };
};

/** What became of a record: `counted`, or the tag of why it left. */
export const fateOf = ({ records, rejected, skipped }: Outcome, record: RawRecord): string => {
  const fates = [
    ...records.filter(({ origin }) => origin === record).map(() => 'counted'),
    ...rejected.filter(({ origin }) => origin === record).map(({ rejection }) => rejection._tag),
    ...skipped.filter(({ origin }) => origin === record).map(({ skip }) => skip._tag),
  ];
  if (fates.length !== 1) throw new Error(`a record has ${fates.length} fates: ${fates.join(', ')}`);
  return fates[0] ?? '';
};
