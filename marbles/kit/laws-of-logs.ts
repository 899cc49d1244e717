import type { Arbitrary } from 'fast-check';
import { map, pipe, tap } from 'rxjs';
import type { Chunk, Sourced } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import { expectSame } from './compared.js';
import { fastCheck } from './fast-check.js';
import { type Log, logs } from './logs.js';
import { atOnce, type Course, type Operator, runLog, type Then } from './runs.js';
import { inPlace, type Tried } from './tried.js';

const someSizes = (): Arbitrary<number[]> =>
  fastCheck().array(fastCheck().nat({ max: 5 }), { minLength: 1, maxLength: 6 });

const someCourse = (): Arbitrary<Course> => {
  const then = fastCheck().constantFrom<Then[]>('go on', 'commit', 'crash', 'hand over');
  return fastCheck().record({ sizes: someSizes(), then: fastCheck().array(then, { maxLength: 60 }) });
};

const forAll = <A, B, Of extends [unknown, ...unknown[]]>(
  { settings, runs, seed }: Tried<A, B>,
  drawn: { [K in keyof Of]: Arbitrary<Of[K]> },
  check: (log: Log, ...rest: Of) => void,
): void => {
  const property = fastCheck().property(logs(settings), fastCheck().tuple<Of>(...drawn), (log, rest) => {
    check(log, ...rest);
  });
  const found = fastCheck().check(property, { numRuns: runs, seed });
  if (!found.failed) return;
  const { counterexample, errorInstance: cause } = found;
  const [log, rest] = counterexample ?? [];
  const why = cause instanceof Error ? cause.message : String(cause);
  const told = `the shortest log found that shows it (offset, Kafka's timestamp, value):${String(log)}`;
  throw new Error(`${why}\n${told}\nread as ${(rest ?? []).map((one) => fastCheck().stringify(one)).join(', ')}`, {
    cause,
  });
};

/** What went into an operator and what came out, chunk by chunk. */
const pairs = <A, B>(tried: Tried<A, B>, log: Log, chunkSizes: readonly number[]) => {
  const given: Chunk<A>[] = [];
  const watched: Operator<RawRecord, B> = (settings, state) =>
    pipe(
      tried.after(settings, state),
      tap((chunk) => given.push(chunk)),
      tried.operator(settings, state),
    );
  const { settled } = runLog(watched, tried.settings, log, { sizes: chunkSizes, then: [] });
  return { given, settled };
};

export const oneForOne = <A, B>(tried: Tried<A, B>): void => {
  forAll(tried, [someSizes()], (log, chunkSizes) => {
    const { given, settled } = pairs(tried, log, chunkSizes);
    const place = ({ source, read, next }: Chunk<unknown>) =>
      `${source.topic}-${source.partition}: ${read} read, next ${next}`;
    const [came, expected] = [settled.map(place), given.map(place)];
    if (came.join() === expected.join()) return;
    throw new Error(
      `state and offset are written together, so a chunk that is held back, split, joined or renumbered is counted twice or lost\n    - ${expected.join('; ')}\n    + ${came.join('; ')}`,
    );
  });
};

export const everyRecord = <A, B>(tried: Tried<A, B>): void => {
  forAll(tried, [someSizes()], (log, chunkSizes) => {
    const { given, settled } = pairs(tried, log, chunkSizes);
    for (const [i, before] of given.entries()) {
      const after = settled[i];
      if (after === undefined) throw new Error(`no chunk came for the one that ends at ${before.next}`);
      const was = [...before.records, ...before.rejected, ...before.skipped].map(({ origin }) => origin.offset);
      const is = [...after.records, ...after.rejected, ...after.skipped].map(({ origin }) => origin.offset);
      expectOffsets(was, is);
      expectInOrder(after.records);
      for (const track of ['rejected', 'skipped', 'advances', 'windows', 'findings', 'alerts'] as const)
        expectCarried(track, before, after);
    }
  });
};

const expectOffsets = (was: readonly number[], is: readonly number[]): void => {
  const lost = was.find((offset) => !is.includes(offset));
  if (lost !== undefined)
    throw new Error(`record ${lost} went in and did not come out: neither on the main path nor rejected nor skipped`);
  const twice = is.find((offset, at) => is.indexOf(offset) !== at);
  if (twice !== undefined) throw new Error(`record ${twice} came out twice`);
  const made = is.find((offset) => !was.includes(offset));
  if (made !== undefined) throw new Error(`record ${made} came out and had not gone in`);
};

const expectInOrder = (records: readonly Sourced<unknown>[]): void => {
  const offsets = records.map(({ origin }) => origin.offset);
  if (offsets.some((offset, i) => offset < (offsets[i - 1] ?? -1)))
    throw new Error(`records came out in the order ${offsets.join(', ')}`);
};

const expectCarried = (
  track: 'rejected' | 'skipped' | 'advances' | 'windows' | 'findings' | 'alerts',
  before: Chunk<unknown>,
  after: Chunk<unknown>,
): void => {
  const carried = new Set<unknown>(after[track]);
  if (before[track].some((item) => !carried.has(item)))
    throw new Error(`what the chunk carried as "${track}" did not come out again`);
};

/** A value on which every look throws. */
const poison = <A>(record: Sourced<A>): Sourced<A> => {
  const { value } = record;
  if (typeof value !== 'object' || value === null) return record;
  const get = (): never => {
    throw new Error('this record throws');
  };
  return { ...record, value: new Proxy(value, { get }) };
};

/** The operator in its place, with one record changed just before it. */
const changing =
  <A, B>({ after, operator }: Tried<A, B>, offset: number, change: (chunk: Chunk<A>, record: Sourced<A>) => Chunk<A>) =>
  (...[settings, state]: Parameters<Operator<RawRecord, B>>) =>
    pipe(
      after(settings, state),
      map((chunk) => {
        const record = chunk.records.find(({ origin }) => origin.offset === offset);
        return record === undefined ? chunk : change(chunk, record);
      }),
      operator(settings, state),
    );

const replaced = <A>(chunk: Chunk<A>, record: Sourced<A>, by: readonly Sourced<A>[]): Chunk<A> => ({
  ...chunk,
  records: chunk.records.flatMap((one) => (one === record ? by : [one])),
});

export const throwing = <A, B>(tried: Tried<A, B>): void => {
  forAll(tried, [someSizes(), fastCheck().nat()], (log, chunkSizes, which) => {
    const along: Course = { sizes: chunkSizes, then: [] };
    const all = pairs(tried, log, chunkSizes).given.flatMap(({ records }) => records);
    const offset = all[which % Math.max(1, all.length)]?.origin.offset;
    if (offset === undefined) return;
    const poisoning = changing(tried, offset, (chunk, record) => replaced(chunk, record, [poison(record)]));
    const poisoned = runLog(poisoning, tried.settings, log, along);
    const tracks = poisoned.settled.flatMap(({ records, rejected, skipped }) => [...records, ...rejected, ...skipped]);
    const found = tracks.find(({ origin }) => origin.offset === offset);
    if (found === undefined)
      throw new Error(`record ${offset} threw and is lost: it should be a dead letter "faulted"`);
    if (!('rejection' in found) || found.rejection._tag !== 'faulted') return; // it was never looked at
    const turningAway = changing(tried, offset, (chunk, record) => ({
      ...replaced(chunk, record, []),
      rejected: [...chunk.rejected, found],
    }));
    const turnedAway = runLog(turningAway, tried.settings, log, along);
    expectSame('a record on which the operator throws must leave nothing behind', turnedAway, poisoned);
  });
};

export const logAlone = <A, B>(tried: Tried<A, B>): void => {
  const operator = inPlace(tried);
  forAll(tried, [someCourse()], (log, along) => {
    const once = runLog(operator, tried.settings, log, along);
    const again = runLog(operator, tried.settings, log, along);
    expectSame(
      'the same log gave something else the second time: a clock, chance, or memory outside of the state',
      once,
      again,
    );
  });
};

export const anyCut = <A, B>(tried: Tried<A, B>): void => {
  const operator = inPlace(tried);
  forAll(tried, [someSizes()], (log, chunkSizes) => {
    const whole = runLog(operator, tried.settings, log, atOnce);
    const pieces = runLog(operator, tried.settings, log, { sizes: chunkSizes, then: [] });
    expectSame('cut into chunks, the log gave something else than as one chunk', whole, pieces);
  });
};

export const crash = <A, B>(tried: Tried<A, B>): void => {
  const operator = inPlace(tried);
  forAll(tried, [someCourse()], (log, along) => {
    const neverStopped = runLog(operator, tried.settings, log, { sizes: along.sizes, then: [] });
    expectSame(
      'after crashes, the log gave something else than without',
      neverStopped,
      runLog(operator, tried.settings, log, along),
    );
  });
};
