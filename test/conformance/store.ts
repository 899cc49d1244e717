import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResultReader, StateStore } from '../../src/ports.js';
import { asOffset } from '../../streams/model/units.js';
import { checkpoint, deviceText, partitionText, source } from './store-fixtures.js';
import { alertsConformance, windowsConformance } from './store-results.js';
import { readerConformance } from './store-reader.js';

/** Two processes' stores and a reader on the same, empty data; keeps three windows and two cleared alerts (`kept`). */
export interface OpenedStore {
  readonly store: StateStore;
  readonly other: StateStore;
  readonly reader: ResultReader;
  close(): Promise<void>;
}

/** What every store of state and results must do. */
export const storeConformance = (name: string, open: () => Promise<OpenedStore>): void => {
  describe(`${name} is a store`, () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const stores = (): OpenedStore => opened;

    ownership(stores);
    fencing(stores);
    absoluteValues(stores);
    windowsConformance(stores);
    alertsConformance(stores);
    readerConformance(stores);

    it('says that it is ready', async () => {
      await expect(opened.store.health()).resolves.toMatchObject({ isReady: true });
    });
  });
};

/** What a store gives for state, as plain values. */
const stateOf = async (store: StateStore): Promise<{ partition: string | null; devices: Record<string, string> }> => {
  const { state } = await store.acquire(source, null);
  return { partition: state?.partition ?? null, devices: Object.fromEntries(state?.devices ?? []) };
};

const ownership = (stores: () => OpenedStore): void => {
  it('knows nothing of a partition that nobody has settled', async () => {
    const { next, state } = await stores().store.acquire(source, null);
    expect(next).toBeNull();
    expect(state?.partition).toBeNull();
    expect([...(state?.devices ?? [])]).toEqual([]);
  });

  it('gives every owner a greater epoch, and the offset and state of the last commit', async () => {
    const { store, other } = stores();
    const first = await store.acquire(source, null);
    const devices = Object.fromEntries(Array.from({ length: 1_234 }, (_, i) => [`d${i}`, deviceText()]));
    await expect(store.commit(checkpoint(first, 10, { devices }))).resolves.toEqual({ _tag: 'applied' });
    const second = await other.acquire(source, null);
    expect(second.epoch).toBeGreaterThan(first.epoch);
    expect(second.next).toBe(10);
    expect(second.state?.partition).toBe(partitionText({ read: 10, counted: 10 }));
    expect(Object.fromEntries(second.state?.devices ?? [])).toEqual(devices);
  });

  it('leaves the state out for who already holds it', async () => {
    const { store } = stores();
    const first = await store.acquire(source, null);
    await store.commit(checkpoint(first, 10, { devices: { d1: deviceText() } }));
    const again = await store.acquire(source, { epoch: first.epoch, next: asOffset(10) });
    expect(again).toMatchObject({ next: 10, state: null });
    expect(again.epoch).toBeGreaterThan(first.epoch);
    await expect(store.commit(checkpoint(again, 20))).resolves.toEqual({ _tag: 'applied' });
  });

  it('leaves it out for who holds the nothing that there is', async () => {
    const { store } = stores();
    const { epoch } = await store.acquire(source, null);
    await expect(store.acquire(source, { epoch, next: null })).resolves.toMatchObject({ next: null, state: null });
  });

  it('gives it to who missed an owner, or a commit', async () => {
    const { store, other } = stores();
    const first = await store.acquire(source, null);
    await store.commit(checkpoint(first, 10, { devices: { d1: deviceText() } }));
    const behind = await store.acquire(source, { epoch: first.epoch, next: asOffset(9) });
    expect(Object.keys(Object.fromEntries(behind.state?.devices ?? []))).toEqual(['d1']);
    const second = await other.acquire(source, null);
    const { state } = await store.acquire(source, { epoch: second.epoch - 1, next: asOffset(10) });
    expect(Object.keys(Object.fromEntries(state?.devices ?? []))).toEqual(['d1']);
  });

  it('keeps partitions apart', async () => {
    const { store } = stores();
    const zero = await store.acquire(source, null);
    const ten = { topic: 'device-data', partition: 10 };
    await store.acquire(ten, null);
    await expect(store.commit(checkpoint(zero, 10, { devices: { d1: deviceText() } }))).resolves.toEqual({
      _tag: 'applied',
    });
    const { next, state } = await store.acquire(ten, null);
    expect(next).toBeNull();
    expect([...(state?.devices ?? [])]).toEqual([]);
  });
};

const fencing = (stores: () => OpenedStore): void => {
  it('fences an owner that was replaced, and writes nothing of it', async () => {
    const { store, other } = stores();
    const zombie = await store.acquire(source, null);
    await other.acquire(source, null);
    await expect(store.commit(checkpoint(zombie, 10, { devices: { d1: deviceText() } }))).resolves.toEqual({
      _tag: 'fenced',
    });
    await expect(stateOf(other)).resolves.toEqual({ partition: null, devices: {} });
  });

  it('fences it also when its commit would fit the offset that its successor left', async () => {
    const { store, other } = stores();
    const zombie = await store.acquire(source, null);
    const owner = await other.acquire(source, null);
    await other.commit(checkpoint(owner, 10, { devices: { d1: 'true' } }));
    const late = checkpoint(zombie, 20, { expected: 10, devices: { d1: 'false' } });
    await expect(store.commit(late)).resolves.toEqual({ _tag: 'fenced' });
    await expect(stateOf(other)).resolves.toMatchObject({ devices: { d1: 'true' } });
  });

  it('applies a commit that is repeated once only, and says so again', async () => {
    const { store } = stores();
    const owner = await store.acquire(source, null);
    const first = checkpoint(owner, 10, { devices: { d1: 'true' } });
    await expect(store.commit(first)).resolves.toEqual({ _tag: 'applied' });
    await expect(store.commit(first)).resolves.toEqual({ _tag: 'applied' });
    await expect(store.acquire(source, null)).resolves.toMatchObject({ next: 10 });
  });

  it.each([
    ['behind', 10],
    ['gone', null],
  ])('tells an owner that expects an offset which is %s', async (_what, found) => {
    const { store } = stores();
    const owner = await store.acquire(source, null);
    if (found !== null) await store.commit(checkpoint(owner, found, { devices: { d1: 'true' } }));
    const ahead = checkpoint(owner, 30, { expected: 20, devices: { d1: 'false', d2: 'false' } });
    await expect(store.commit(ahead)).resolves.toEqual({ _tag: 'rolled_back', found });
    await expect(stateOf(store)).resolves.toMatchObject({ devices: found === null ? {} : { d1: 'true' } });
  });

  it('does not write over what lies further ahead', async () => {
    const { store } = stores();
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10));
    await store.commit(checkpoint(owner, 30, { expected: 10, devices: { d1: 'true' } }));
    const behind = checkpoint(owner, 20, { expected: 10, devices: { d1: 'false' } });
    await expect(store.commit(behind)).resolves.toEqual({ _tag: 'rolled_back', found: 30 });
    await expect(stateOf(store)).resolves.toMatchObject({ devices: { d1: 'true' } });
  });

  it('tells an owner whose acquisition the store forgot', async () => {
    const { store } = stores();
    const { epoch } = await store.acquire(source, null);
    const ofTheFuture = checkpoint({ epoch: epoch + 1, next: null }, 10, { devices: { d1: 'true' } });
    await expect(store.commit(ofTheFuture)).resolves.toEqual({ _tag: 'rolled_back', found: null });
    await expect(stateOf(store)).resolves.toMatchObject({ devices: {} });
  });
};

const absoluteValues = (stores: () => OpenedStore): void => {
  it('replaces what changed and leaves the rest', async () => {
    const { store } = stores();
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { devices: { d1: '{"a":1}', d2: '{"b":1}' }, partition: '{"c":1}' }));
    await store.commit(
      checkpoint(owner, 20, {
        expected: 10,
        devices: { d2: '{"b":2}', 'ünï-𐐷': '{"d":"传感器 °C"}' },
        partition: '{"c":2}',
      }),
    );
    await expect(stateOf(store)).resolves.toEqual({
      partition: '{"c":2}',
      devices: { d1: '{"a":1}', d2: '{"b":2}', 'ünï-𐐷': '{"d":"传感器 °C"}' },
    });
  });

  it('takes ten thousand devices in one step', async () => {
    const { store } = stores();
    const owner = await store.acquire(source, null);
    const devices = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`device_${i}`, `{"i":${i}}`]));
    await expect(store.commit(checkpoint(owner, 10, { devices }))).resolves.toEqual({ _tag: 'applied' });
    expect((await stateOf(store)).devices).toEqual(devices);
  });
};
