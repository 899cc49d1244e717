import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sourced } from '../streams/model/chunk.js';
import type { Telemetry } from '../streams/model/telemetry.js';
import { dedupe } from '../streams/operators/dedupe.js';
import {
  all,
  anyTelemetry,
  logs,
  marbles,
  nothing,
  obeysStreamLaws,
  type Operator,
  skipped,
  testSettings,
} from './kit/index.js';
import { byKey, inAndOut } from './reference/in-and-out.js';

const operator: Operator<Telemetry, Telemetry> = ({ dedupe: setting }, state) => dedupe(setting, state);

describe('dedupe', () => {
  obeysStreamLaws(operator, { after: anyTelemetry });

  marbles(
    'skips a message that its device has sent before',
    ({ cold, chunk, settings, state, expectObservable, expectSubscriptions }) => {
      const [a, b] = [chunk({ messageId: 'a' }), chunk({ messageId: 'b' })];
      const source = cold(' -a-b-a-|', { a, b });
      const subs = '        ^------!';
      const result = '      -a-b-.-|';

      expectObservable(source.pipe(operator(settings, state))).toBe(result, {
        a,
        b,
        '.': all(chunk(), skipped('duplicate', { messageId: 'a' })),
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    },
  );

  marbles('skips within one chunk, and keeps the rest of it', ({ cold, chunk, settings, state, expectObservable }) => {
    const a = chunk({ messageId: 'a' }, { messageId: 'a' }, { messageId: 'b' });
    const source = cold(' -a-|', { a });
    const result = '      -S-|';
    const [first, , last] = a.records;

    expectObservable(source.pipe(operator(settings, state))).toBe(result, {
      S: all(
        { ...a, records: [first, last].flatMap((record) => record ?? []) },
        skipped('duplicate', { messageId: 'a' }),
      ),
    });
  });

  marbles('lets records without an id pass', ({ cold, chunk, settings, state, expectObservable }) => {
    const source = cold(' -a-a-|', { a: chunk(1) });
    const result = '      -.-.-|';

    expectObservable(source.pipe(operator(settings, state))).toBe(result, { '.': nothing });
  });

  marbles('lets the same id of another device pass', ({ cold, chunk, settings, state, expectObservable }) => {
    const source = cold(' -a-b-|', { a: chunk({ messageId: 'a' }), b: chunk({ messageId: 'a', device: 'd2' }) });
    const result = '      -.-.-|';

    expectObservable(source.pipe(operator(settings, state))).toBe(result, { '.': nothing });
  });

  marbles(
    'remembers an id while its time lies at most `windowMs` behind the newest',
    { dedupe: { windowMs: 10 } },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const at = (atMs: number, messageId: string) => chunk({ atMs, messageId });
      const source = cold(' -a-b-a-c-a-|', { a: at(0, 'a'), b: at(10, 'b'), c: at(11, 'c') });
      const result = '      -.-.-S-.-.-|'; // at 10 it is remembered still, at 11 it is not

      expectObservable(source.pipe(operator(settings, state))).toBe(result, {
        '.': nothing,
        S: skipped('duplicate', { messageId: 'a' }),
      });
    },
  );

  marbles(
    'measures by the newest time, not by the last to come',
    { dedupe: { windowMs: 10 } },
    ({ cold, chunk, settings, state, expectObservable }) => {
      const at = (atMs: number, messageId: string) => chunk({ atMs, messageId });
      const source = cold(' -a-b-c-a-|', { a: at(0, 'a'), b: at(20, 'b'), c: at(1, 'c') });
      const result = '      -.-.-.-.-|';

      expectObservable(source.pipe(operator(settings, state))).toBe(result, { '.': nothing });
    },
  );

  marbles(
    'remembers 4,096 ids of a device, and of more forgets the oldest',
    ({ cold, chunk, settings, state, expectObservable }) => {
      const id = (n: number) => ({ messageId: `m${n}`, atMs: 0 });
      const many = Array.from({ length: 4_096 }, (_, n) => id(n));
      const source = cold(' -a-b-c-d-|', { a: chunk(...many), b: chunk(id(0)), c: chunk(id(4_096)), d: chunk(id(0)) });
      const result = '      -.-S-.-.-|';

      expectObservable(source.pipe(operator(settings, state))).toBe(result, {
        '.': nothing,
        S: skipped('duplicate', { messageId: 'm0' }),
      });
    },
  );

  it('skips exactly what its definition skips', () => {
    const settings = testSettings();
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { given, came } = inAndOut(operator, anyTelemetry, log, settings);
        const offsets = came
          .flatMap((chunk) => chunk.skipped)
          .flatMap(({ skip, origin }) => (skip._tag === 'duplicate' ? [origin.offset] : []));
        const ofDevices = [...byKey(given, ({ value }) => value.device.id).values()];
        const expected = ofDevices.flatMap((records) => repeatedIn(records, settings.dedupe.windowMs));
        expect(offsets).toEqual(expected.sort((a, b) => a - b));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

/** A message is repeated when one that was kept has its id, and is within the window of the newest that was kept. */
const repeatedIn = (records: readonly Sourced<Telemetry>[], windowMs: number): number[] => {
  const withId = records.filter(({ value }) => value.messageId !== null);
  const repeated: Sourced<Telemetry>[] = [];
  withId.forEach((record, at) => {
    const kept = withId.slice(0, at).filter((other) => !repeated.includes(other));
    const newestMs = Math.max(...kept.map(({ value }) => value.eventTimeMs));
    const same = kept.findLast(({ value }) => value.messageId === record.value.messageId);
    if (same !== undefined && same.value.eventTimeMs >= newestMs - windowMs) repeated.push(record);
  });
  return repeated.map(({ origin }) => origin.offset);
};
