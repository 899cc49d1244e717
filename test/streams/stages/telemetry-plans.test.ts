import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, it, vi } from 'vitest';
import { parse } from '../../../streams/stages/parse.js';
import { latestMemory } from '../../../streams/state/latest-memory.js';
import { PartitionState } from '../../../streams/state/partition-state.js';
import { recordOf, settings, source } from '../fixtures.js';
import { texts, streams, shown, parser, first } from './changed-records.js';

describe('a record whose layout was seen before', () => {
  it('reads as one that is the first of all, whatever stands in it', () => {
    const good = { taught: 0 };
    fc.assert(
      fc.property(streams, (stream) => {
        const stage = parser();
        for (const value of stream) {
          const record = recordOf(value);
          const result = shown(stage(record, record));
          expect(result, value.toString()).toStrictEqual(first(value));
          if ('readings' in result) good.taught += 1;
        }
      }),
      { numRuns: Number(process.env['VERDICT_RUNS'] ?? 3_000) },
    );
    expect(good.taught).toBeGreaterThan(1_000);
  });

  it.each(texts.slice(0, -2).filter((text) => !isLeft(parser()(recordOf(text), recordOf(text)))))(
    'is not parsed: %s',
    (text) => {
      const stage = parser();
      stage(recordOf(text), recordOf(text));
      const parsing = vi.spyOn(JSON, 'parse');
      const again = stage(recordOf(text), recordOf(text));
      const times = parsing.mock.calls.length;
      parsing.mockRestore();
      expect([again._tag, times]).toEqual(['Right', 0]);
    },
  );

  it('shares its profile with the one before as long as nothing in it differs', () => {
    const stage = parser();
    const profiles = ['0', '1', '2', '3'].map((humidity) => {
      const text = `{"device_id":"d","timestamp":"2025-08-02T10:15:3${humidity}Z","location":"${humidity === '3' ? 'b' : 'a'}","humidity":${humidity}}`;
      const result = stage(recordOf(text), recordOf(text));
      return isLeft(result) ? null : result.right.profile;
    });
    expect(profiles[2]).toBe(profiles[1]);
    expect(profiles[3]).toMatchObject({ location: { building: 'b' } });
  });

  it('shares it with records of other layouts, whatever was said in between', () => {
    const state = PartitionState.empty(source);
    const stage = parse(settings, state);
    const latestOf = state.ofDevice(latestMemory(settings.metrics));
    const said = (layout: 'a' | 'b', status: string) => {
      const more = layout === 'a' ? '"temperature":1' : '"humidity":2,"temperature":1';
      const record = recordOf(Buffer.from(`{"device_id":"d","timestamp":"2025-08-02T10:15:30Z","status":"${status}",${more}}`)); // prettier-ignore
      const read = stage(record, record);
      if (isLeft(read)) throw new Error('not read');
      state.touch(read.right.device);
      latestOf(read.right.device).profile = read.right.profile;
      return read.right.profile;
    };
    // Each layout is learned with its first record, kept with its second.
    for (const status of ['online', 'online', 'error', 'error']) said('a', status);
    for (const status of ['online', 'online']) said('b', status);
    const profiles = Array.from({ length: 6 }, (_, i) => said(i % 2 === 0 ? 'a' : 'b', 'online'));
    expect(new Set(profiles).size).toBe(1);
  });

  it('has the handle that the state knows, also once an untouched one was forgotten', () => {
    const state = PartitionState.empty(source);
    const stage = parse(settings, state);
    const text = '{"device_id":"d","timestamp":"2025-08-02T10:15:30Z","humidity":1}';
    for (let round = 0; round < 4; round += 1) {
      const result = stage(recordOf(text), recordOf(text));
      if (isLeft(result)) throw new Error('it is right');
      expect(result.right.device).toBe(state.device('d'));
      if (round === 2) state.touch(result.right.device);
      state.snapshot();
    }
    expect(Array.from(state.devices(), ({ id }) => id)).toEqual(['d']);
  });
});
