import * as t from 'io-ts';
import {
  asapScheduler,
  catchError,
  concat,
  concatMap,
  defer,
  delay,
  EMPTY,
  from,
  map,
  type MonoTypeOperatorFunction,
  NEVER,
  Observable,
  observeOn,
  pairwise,
  share,
  startWith,
} from 'rxjs';
import { throughRecords } from '../../streams/chunks/through-records.js';
import type { Alert } from '../../streams/model/alert.js';
import type { Chunk } from '../../streams/model/chunk.js';
import type { Device } from '../../streams/model/device.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { memory } from '../../streams/state/partition-state.js';
import type { LawName, Operator } from '../kit/index.js';

type Pass = MonoTypeOperatorFunction<Chunk<Telemetry>>;
export type Own = Operator<Telemetry, Telemetry>;

const told = (device: string, offset: number, peakValue = 0): Alert => ({
  id: `third@${device}@${offset}`,
  rule: 'third',
  device,
  metric: 'temperature',
  severity: 'info',
  state: 'active',
  version: 1,
  reason: 'raised',
  message: 'the third of three',
  labels: {},
  raisedAtMs: 0,
  raisedValue: 0,
  raisedOffset: offset,
  peakValue,
  clearedAtMs: null,
  clearedValue: null,
  clearedOffset: null,
  isMuted: false,
  flood: null,
  evidence: null,
  history: [],
});

interface Count {
  n: number;
}

/** Tells of every third record of a device, by an alert. */
const everyThird = (countOf: (device: Device) => Count, touch: (device: Device) => void) =>
  map((chunk: Chunk<Telemetry>) =>
    throughRecords<Telemetry, Telemetry>('everyThird', chunk, (record, draft) => {
      const { device } = record.value;
      const count = countOf(device);
      count.n = (count.n + 1) % 3;
      touch(device);
      if (count.n === 0) draft.addAlert(told(device.id, record.origin.offset));
      draft.keep(record);
    }),
  );

const counts = memory<Count, number>({
  name: 'third',
  create: () => ({ n: 0 }),
  stored: t.number,
  store: ({ n }) => n,
  restore: (n) => ({ n }),
});

export const inState: Own = (_settings, state) => (chunks$) =>
  defer(() =>
    chunks$.pipe(
      everyThird(state.ofDevice(counts), (device) => {
        state.touch(device);
      }),
    ),
  );

export const untouched: Own = (_settings, state) => (chunks$) =>
  defer(() => chunks$.pipe(everyThird(state.ofDevice(counts), () => undefined)));

export const inMap = (byDevice: Map<string, Count>): Pass =>
  everyThird(
    ({ id }) => {
      const count = byDevice.get(id) ?? { n: 0 };
      byDevice.set(id, count);
      return count;
    },
    () => undefined,
  );

const shared = new Map<string, Count>();

const average = (chunk: Chunk<Telemetry>): Chunk<Telemetry> => {
  const last = chunk.records.at(-1);
  if (last === undefined) return chunk;
  const readings = chunk.records.flatMap(({ value }) => value.readings.filter((reading) => !Number.isNaN(reading)));
  const mean = readings.reduce((a, b) => a + b, 0) / Math.max(1, readings.length);
  return { ...chunk, alerts: [...chunk.alerts, told('all', last.origin.offset, mean)] };
};

/** Nothing is done when the subscriber leaves. */
const deaf = (): Pass => (chunks$) =>
  new Observable((subscriber) => {
    chunks$
      .forEach((chunk) => {
        subscriber.next(chunk);
      })
      .then(
        () => {
          subscriber.complete();
        },
        (error: unknown) => {
          subscriber.error(error);
        },
      );
  });

let clock = 0;

const catchErrorOnce = (): Pass => (chunks$) => chunks$.pipe(catchError(() => chunks$));

const holdBack = (): Pass => (chunks$) =>
  chunks$.pipe(
    startWith(null),
    pairwise(),
    map(([before, chunk]) => before ?? chunk),
    concatMap((chunk) => (chunk === null ? EMPTY : [chunk])),
  );

const early = (): Pass => (chunks$) => {
  const shared$ = chunks$.pipe(share());
  shared$.forEach(() => undefined).catch(() => undefined);
  return shared$;
};

export const laws = {
  laziness: 'subscribes when it is subscribed, and once',
  silence: 'is silent while its source is',
  completion: 'completes with its source',
  errors: 'passes on an error of its source',
  unsubscription: 'hands unsubscription on to its source',
  oneForOne: 'answers each chunk with one chunk, at once',
  account: 'accounts for every record exactly once',
  throwing: 'makes a dead letter of a record on which it throws, and goes on',
  alone: 'decides by the log alone',
  cut: 'gives the same however the log is cut into chunks',
  crash: 'goes on after a crash anywhere as if it had never stopped',
} as const satisfies Record<string, LawName>;

export interface Bad {
  readonly what: string;
  readonly operator: Own;
  /** The laws that it must break; others may break with them. */
  readonly breaks: readonly LawName[];
  readonly keeps: readonly LawName[];
}

const chunkwise = [laws.laziness, laws.silence, laws.completion, laws.errors, laws.unsubscription];
const bad = (what: string, operator: Own, breaks: readonly LawName[], keeps: readonly LawName[]): Bad => ({
  what,
  operator,
  breaks,
  keeps,
});

export const badOnes: readonly Bad[] = [
  bad(
    'remembers in a closure',
    () => inMap(new Map()),
    [laws.crash],
    [...chunkwise, laws.oneForOne, laws.account, laws.alone, laws.cut],
  ),
  bad(
    'remembers in a variable of its module',
    () => inMap(shared),
    [laws.alone, laws.crash],
    [...chunkwise, laws.account],
  ),
  bad(
    'asks a clock',
    () => map((chunk) => ({ ...chunk, alerts: [told('all', (clock += 1))] })),
    [laws.alone],
    chunkwise,
  ),
  bad('averages per chunk', () => map(average), [laws.cut, laws.throwing], [...chunkwise, laws.account, laws.alone]),
  bad(
    'drops the last record of a chunk',
    () => map((chunk) => ({ ...chunk, records: chunk.records.slice(0, -1) })),
    [laws.account, laws.cut],
    [...chunkwise, laws.alone, laws.oneForOne],
  ),
  bad(
    'gives the first record of a chunk twice',
    () => map((chunk) => ({ ...chunk, records: [...chunk.records.slice(0, 1), ...chunk.records] })),
    [laws.account, laws.cut],
    chunkwise,
  ),
  bad(
    'turns the order around',
    () => map((chunk) => ({ ...chunk, records: [...chunk.records].reverse() })),
    [laws.account],
    chunkwise,
  ),
  bad(
    'forgets the dead letters of those before it',
    () => map((chunk) => ({ ...chunk, rejected: [] })),
    [laws.account],
    [...chunkwise, laws.cut],
  ),
  bad(
    'forgets the clocks that moved',
    () => map((chunk) => ({ ...chunk, advances: [] })),
    [laws.account],
    [...chunkwise, laws.cut],
  ),
  bad(
    'throws out of a chunk',
    () => map((chunk) => ({ ...chunk, records: chunk.records.filter(({ value }) => value.readings.length > 0) })),
    [laws.throwing],
    [...chunkwise, laws.account, laws.cut, laws.crash],
  ),
  bad(
    'swallows errors',
    () => catchError(() => EMPTY),
    [laws.errors],
    [laws.completion, laws.unsubscription, laws.cut, laws.crash],
  ),
  bad('subscribes twice', catchErrorOnce, [laws.errors], [laws.completion, laws.cut]),
  bad('does not hand unsubscription on', deaf, [laws.unsubscription], [laws.silence]),
  bad('never completes', () => (chunks$) => concat(chunks$, NEVER), [laws.completion], [laws.errors, laws.cut]),
  bad('splits chunks', () => concatMap((chunk) => from([{ ...chunk, records: [] }, chunk])), [laws.oneForOne], []),
  bad('holds a chunk back', holdBack, [laws.oneForOne, laws.crash], []),
  bad('answers later', () => delay(1), [laws.oneForOne], []),
  bad('answers soon', () => observeOn(asapScheduler), [laws.oneForOne], []),
  bad('subscribes before it is subscribed', early, [laws.laziness], []),
];
