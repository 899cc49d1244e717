import fc from 'fast-check';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { CorruptState, memory, PartitionState, type StoredState } from '../../../streams/state/partition-state.js';

const source = { topic: 'device-data', partition: 3 };

const counter = (name: string) =>
  memory<{ n: number }, { n: number }>({
    name,
    create: () => ({ n: 0 }),
    stored: t.type({ n: t.number }),
    store: ({ n }) => ({ n }),
    restore: ({ n }) => ({ n }),
  });
const first = counter('first');
const second = counter('second');

const restored = (partition: string | null, devices: Record<string, string> = {}): PartitionState =>
  PartitionState.restore(source, { partition, devices: Object.entries(devices) });
const parsed = (state: PartitionState) => {
  const { partition, devices } = state.snapshot();
  return {
    partition: JSON.parse(partition) as unknown,
    devices: Array.from(devices, ([id, text]) => [id, JSON.parse(text) as unknown]),
  };
};
const ids = (state: PartitionState) => [...state.devices()].map(({ id }) => id);

describe('what is remembered of a device', () => {
  it('begins anew for every device, and stays with it', () => {
    const state = PartitionState.empty(source);
    const countOf = state.ofDevice(first);
    countOf(state.device('a')).n += 2;
    expect(state.device('a')).toBe(state.device('a'));
    expect([countOf(state.device('a')).n, countOf(state.device('b')).n]).toEqual([2, 0]);
  });

  it('is shared by all who claim it by its name', () => {
    const state = PartitionState.empty(source);
    const [one, other] = [state.ofDevice(first), state.ofDevice(counter('first'))];
    expect(one(state.device('a'))).toBe(other(state.device('a')));
  });

  it('is kept apart from what has another name, whoever came first: device or claim', () => {
    const state = PartitionState.empty(source);
    const early = state.device('early');
    const firstOf = state.ofDevice(first);
    const between = state.device('between');
    const secondOf = state.ofDevice(second);
    for (const device of [early, between, state.device('later')]) {
      firstOf(device).n = 1;
      secondOf(device).n = 2;
      expect([firstOf(device).n, secondOf(device).n]).toEqual([1, 2]);
    }
  });

  it('is kept apart from what is remembered of the partition, even under one name', () => {
    const state = PartitionState.empty(source);
    state.ofPartition(first).n = 7;
    expect(state.ofDevice(first)(state.device('a')).n).toBe(0);
    expect(parsed(state).partition).toEqual({ first: { n: 7 } });
  });
});

describe('a snapshot', () => {
  it('holds the partition and the devices that were touched since the last one, and no other', () => {
    const state = PartitionState.empty(source);
    const countOf = state.ofDevice(first);
    for (const id of ['a', 'b']) {
      countOf(state.device(id)).n = 1;
      state.touch(state.device(id));
    }
    expect(parsed(state)).toEqual({
      partition: {},
      devices: [
        ['a', { first: { n: 1 } }],
        ['b', { first: { n: 1 } }],
      ],
    });
    countOf(state.device('b')).n = 2;
    state.touch(state.device('b'));
    state.touch(state.device('b'));
    expect(state.touched.map(({ id }) => id)).toEqual(['b']);
    expect(parsed(state).devices).toEqual([['b', { first: { n: 2 } }]]);
    expect(parsed(state).devices).toEqual([]);
  });

  it('does not change with what happens after it', () => {
    const state = PartitionState.empty(source);
    const countOf = state.ofDevice(first);
    state.touch(state.device('a'));
    const taken = state.snapshot();
    countOf(state.device('a')).n = 9;
    expect([...taken.devices]).toEqual([['a', '{"first":{"n":0}}']]);
  });

  it('forgets newcomers that nothing touched, and only those', () => {
    const state = PartitionState.empty(source);
    state.touch(state.device('counted'));
    state.device('seen');
    state.snapshot();
    expect(ids(state)).toEqual(['counted']);
    state.device('counted');
    state.snapshot();
    expect(ids(state)).toEqual(['counted']);
  });

  it('does not forget what was restored, touched or not', () => {
    const state = restored(null, { a: '{}' });
    state.snapshot();
    expect(ids(state)).toEqual(['a']);
  });
});

describe('restoring', () => {
  it('gives back what was written, to be claimed in any order', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.tuple(fc.nat(), fc.nat())), fc.nat(), (devices, own) => {
        const state = PartitionState.empty(source);
        const [firstOf, secondOf] = [state.ofDevice(first), state.ofDevice(second)];
        state.ofPartition(first).n = own;
        for (const [id, [one, two]] of Object.entries(devices)) {
          firstOf(state.device(id)).n = one;
          secondOf(state.device(id)).n = two;
          state.touch(state.device(id));
        }
        const back = PartitionState.restore(source, state.snapshot());
        const [secondBack, firstBack] = [back.ofDevice(second), back.ofDevice(first)];
        for (const [id, [one, two]] of Object.entries(devices)) {
          expect([firstBack(back.device(id)).n, secondBack(back.device(id)).n]).toEqual([one, two]);
        }
        expect(back.ofPartition(first).n).toBe(own);
      }),
      { seed: 1 },
    );
  });

  it('touches nothing by itself', () => {
    const state = restored('{}', { a: '{"first":{"n":3}}' });
    state.ofDevice(first);
    expect(state.touched).toEqual([]);
  });

  it('begins anew what a device had nothing stored of', () => {
    const state = restored(null, { a: '{"first":{"n":3}}', b: '{}' });
    const [firstOf, secondOf] = [state.ofDevice(first), state.ofDevice(second)];
    expect([firstOf(state.device('a')).n, secondOf(state.device('a')).n]).toEqual([3, 0]);
    expect(firstOf(state.device('b')).n).toBe(0);
  });

  it('takes nothing from the prototype of what was stored', () => {
    const state = restored(null, { a: '{}' });
    expect(state.ofDevice(counter('constructor'))(state.device('a'))).toEqual({ n: 0 });
  });

  it('is written anew from nothing as well', () => {
    const state = restored('{}', { d: '{}' });
    state.ofPartition(first).n = 1;
    state.ofDevice(second)(state.device('d')).n = 2;
    state.touch(state.device('d'));
    expect(parsed(state)).toEqual({ partition: { first: { n: 1 } }, devices: [['d', { second: { n: 2 } }]] });
  });

  it('writes back what nobody claimed as it was', () => {
    const state = restored('{"gone":{"x":[1]},"first":{"n":1}}', {
      a: '{"gone":"text","first":{"n":3}}',
      b: '{"gone":0}',
    });
    state.ofPartition(first).n += 1;
    state.ofDevice(first)(state.device('a')).n += 1;
    state.touch(state.device('a'));
    expect(parsed(state)).toEqual({
      partition: { gone: { x: [1] }, first: { n: 2 } },
      devices: [['a', { gone: 'text', first: { n: 4 } }]],
    });
  });
});

describe('binding anew', () => {
  it('is as if the state had been stored and restored, and keeps the handles', () => {
    const state = restored('{"gone":1,"first":{"n":1}}', { a: '{"first":{"n":3},"second":{"n":4}}', b: '{"gone":0}' });
    const a = state.device('a');
    state.ofPartition(first).n += 1;
    state.ofDevice(first)(a).n += 1;
    state.touch(a);
    state.ofDevice(first)(state.device('new')).n = 7;
    state.touch(state.device('new'));
    a.plan = {};
    state.rebind();
    expect([state.device('a'), a.plan, state.touched.map(({ id }) => id)]).toEqual([a, null, ['a', 'new']]);

    // In another order, and not all of it.
    expect(state.ofDevice(second)(a).n).toBe(4);
    expect(state.ofPartition(first).n).toBe(2);
    expect(parsed(state)).toEqual({
      partition: { gone: 1, first: { n: 2 } },
      devices: [
        ['a', { first: { n: 4 }, second: { n: 4 } }],
        ['new', { first: { n: 7 }, second: { n: 0 } }],
      ],
    });
  });

  it('gives what is remembered to whoever claims it next, as that reads it', () => {
    const state = PartitionState.empty(source);
    const device = state.device('a');
    state.ofDevice(first)(device).n = 5;
    state.rebind();
    const doubled = memory<number, { n: number }>({ name: 'first', create: () => 0, stored: t.type({ n: t.number }), store: (n) => ({ n }), restore: ({ n }) => 2 * n }); // prettier-ignore
    expect(state.ofDevice(doubled)(device)).toBe(10);
  });

  it('still forgets newcomers that nothing touched', () => {
    const state = PartitionState.empty(source);
    state.ofDevice(first)(state.device('seen'));
    state.rebind();
    state.snapshot();
    expect(ids(state)).toEqual([]);
  });
});

describe('stored state that is corrupt', () => {
  const corrupt = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      expect(error).toBeInstanceOf(CorruptState);
      return error instanceof Error ? error.message : '';
    }
    return 'it was accepted';
  };
  const broken: readonly (readonly [what: string, stored: StoredState, message: string])[] = [
    [
      'a text that is no JSON',
      { partition: '{', devices: [] },
      'device-data-3: the stored state of the partition is not JSON',
    ],
    [
      'no object',
      { partition: null, devices: [['a', '3']] },
      'device-data-3: the stored state of device a is not a JSON object',
    ],
    [
      'an array',
      { partition: null, devices: [['a', '[]']] },
      'device-data-3: the stored state of device a is not a JSON object',
    ],
    [
      'null',
      { partition: 'null', devices: [] },
      'device-data-3: the stored state of the partition is not a JSON object',
    ],
  ];

  it.each(broken)('is refused at once: %s', (_what, stored, message) => {
    expect(corrupt(() => PartitionState.restore(source, stored))).toBe(message);
  });

  it('is refused when it is claimed, with its place', () => {
    const state = restored('{"first":{"n":null}}', { a: '{"first":{"n":1}}', b: '{"first":{"n":"1"}}' });
    expect(corrupt(() => state.ofDevice(first))).toMatch(
      /^device-data-3: stored state "first" of device b does not decode: .*"1".*\/n: number/,
    );
    expect(corrupt(() => state.ofPartition(first))).toMatch(
      /^device-data-3: stored state "first" of the partition does not decode: .*null.*\/n: number/,
    );
  });
});
