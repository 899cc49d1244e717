import { pipe, tap } from 'rxjs';
import type { Chunk, Sourced } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { atOnce, type Log, type Operator, runLog, testSettings } from '../kit/index.js';

/** What went into an operator, record by record, and everything that came out of it. */
export const inAndOut = <A, B>(
  operator: Operator<A, B>,
  after: Operator<RawRecord, A>,
  log: Log,
  settings = testSettings(),
): {
  readonly given: readonly Sourced<A>[];
  readonly came: readonly Chunk<B>[];
  readonly stored: ReadonlyMap<string, unknown>;
} => {
  const given: Sourced<A>[] = [];
  const watched: Operator<RawRecord, B> = (said, state) =>
    pipe(
      after(said, state),
      tap(({ records }) => given.push(...records)),
      operator(said, state),
    );
  const { settled, store } = runLog(watched, settings, log, atOnce);
  const stored = new Map([...store.devices].map(([id, text]) => [id, JSON.parse(text) as unknown]));
  return { given, came: settled, stored };
};

/** Values by key, in the order they came. */
export const byKey = <A>(all: readonly A[], keyOf: (one: A) => string): ReadonlyMap<string, readonly A[]> => {
  const grouped = new Map<string, A[]>();
  for (const one of all) grouped.set(keyOf(one), [...(grouped.get(keyOf(one)) ?? []), one]);
  return grouped;
};

/** Readings that are there, with the metric's index. */
export const present = ({ readings }: Telemetry): readonly (readonly [metric: number, value: number])[] =>
  readings.flatMap((value, metric) => (Number.isNaN(value) ? [] : [[metric, value] as const]));
