import { expect, it } from 'vitest';
import { noCare } from '../../src/care/care.js';
import type { OpenedStore } from './store.js';
import {
  alertAt,
  baseMs,
  checkpoint,
  clearedAt,
  closedWindow,
  deviceText,
  minute,
  seenWindow,
  source,
} from './store-fixtures.js';

const devices = { d1: deviceText() };

/** Closed windows: replaced by start and end, bounded in number. */
export const windowsConformance = (stores: () => OpenedStore): void => {
  const starts = async (): Promise<readonly number[]> =>
    (await stores().reader.windows('d1', { limit: 100 })).map(({ startMs }) => (startMs - baseMs) / minute);

  it('keeps the newest closed windows of each device and metric', async () => {
    const { store } = stores();
    const owner = await store.acquire(source, null);
    const windows = [0, 1, 2, 3, 4].map((index) => closedWindow(baseMs + index * minute, [index]));
    await store.commit(checkpoint(owner, 10, { devices, windows: windows.slice(0, 2) }));
    await expect(starts()).resolves.toEqual([0, 1]);
    await store.commit(checkpoint(owner, 20, { expected: 10, windows: windows.slice(2) }));
    await expect(starts()).resolves.toEqual([2, 3, 4]);
  });

  it('replaces a window of the same start and end', async () => {
    const { store, reader } = stores();
    const owner = await store.acquire(source, null);
    await store.commit(
      checkpoint(owner, 10, { devices, windows: [closedWindow(baseMs, [1]), closedWindow(baseMs + minute, [2])] }),
    );
    await store.commit(
      checkpoint(owner, 20, { expected: 10, windows: [closedWindow(baseMs, [1, 5], { revision: 2 })] }),
    );
    await expect(reader.windows('d1', { limit: 10 })).resolves.toEqual([
      seenWindow(closedWindow(baseMs, [1, 5], { revision: 2 })),
      seenWindow(closedWindow(baseMs + minute, [2])),
    ]);
  });

  it('keeps one that was cut beside the one of another size that began with it', async () => {
    const { store, reader } = stores();
    const owner = await store.acquire(source, null);
    const cut = closedWindow(baseMs, [1, 2], { isCut: true });
    const after = closedWindow(baseMs, [3], { endMs: baseMs + 5 * minute, isCut: true });
    await store.commit(checkpoint(owner, 10, { devices, windows: [cut] }));
    await store.commit(checkpoint(owner, 20, { expected: 10, windows: [after, closedWindow(baseMs + minute, [4])] }));
    const again = { ...after, revision: 2 };
    await store.commit(checkpoint(owner, 30, { expected: 20, windows: [again] }));
    const seen = await reader.windows('d1', { limit: 10 });
    expect(seen.map(({ startMs, endMs, revision }) => [startMs, endMs, revision])).toEqual([
      [baseMs, baseMs + minute, cut.revision],
      [baseMs, baseMs + 5 * minute, 2],
      [baseMs + minute, baseMs + 2 * minute, 1],
    ]);
    await store.commit(checkpoint(owner, 40, { expected: 30, windows: [closedWindow(baseMs + 2 * minute, [5])] }));
    await expect(starts()).resolves.toEqual([0, 1, 2]);
  });

  it('keeps windows of the same start apart by rule', async () => {
    const { store, reader } = stores();
    const owner = await store.acquire(source, null);
    const windows = [closedWindow(baseMs, [1]), closedWindow(baseMs, [2, 3], { rule: 'gone' })];
    await store.commit(checkpoint(owner, 10, { devices, windows }));
    const [ofMinute = closedWindow(baseMs, [])] = windows;
    await expect(reader.windows('d1', { rule: 'minute', limit: 10 })).resolves.toEqual([seenWindow(ofMinute)]);
    await expect(reader.windows('d1', { rule: 'nowhere', limit: 10 })).resolves.toEqual([]);
  });

  it('takes more windows in one step than are kept, of many devices', async () => {
    const { store, reader } = stores();
    const owner = await store.acquire(source, null);
    const ids = Array.from({ length: 300 }, (_, i) => `d${i}`);
    const windows = ids.flatMap((device) =>
      Array.from({ length: 200 }, (_, i) => closedWindow(baseMs + i * minute, [i], { device })),
    );
    const known = Object.fromEntries(ids.map((id) => [id, deviceText()]));
    await expect(store.commit(checkpoint(owner, 10, { devices: known, windows }))).resolves.toEqual({
      _tag: 'applied',
    });
    for (const id of ['d0', 'd299']) {
      const found = await reader.windows(id, { limit: 10 });
      expect(found.map(({ mean }) => mean)).toEqual([197, 198, 199]);
    }
  });
};

/** Alerts: the newest version stands, cleared ones are bounded in number. */
export const alertsConformance = (stores: () => OpenedStore): void => {
  it('keeps the newest version of an alert', async () => {
    const { store, reader } = stores();
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { alerts: [alertAt(1)] }));
    await expect(reader.alerts({ limit: 10 })).resolves.toEqual([{ ...alertAt(1), care: noCare }]);
    await store.commit(checkpoint(owner, 20, { expected: 10, alerts: [clearedAt(1, 15)] }));
    await expect(reader.alerts({ limit: 10 })).resolves.toEqual([{ ...clearedAt(1, 15), care: noCare }]);
    await store.commit(checkpoint(owner, 30, { expected: 20, alerts: [alertAt(1)] }));
    await expect(reader.alerts({ limit: 10 })).resolves.toEqual([{ ...clearedAt(1, 15), care: noCare }]);
  });

  it('keeps every active alert, and of the cleared ones those cleared last', async () => {
    const { store, reader } = stores();
    const owner = await store.acquire(source, null);
    const cleared = [clearedAt(1, 60), clearedAt(2, 50), clearedAt(3, 40), clearedAt(4, 70)];
    const active = [alertAt(5), alertAt(6), alertAt(7)];
    await store.commit(checkpoint(owner, 100, { alerts: [...cleared, ...active] }));
    const ids = async (state: 'active' | 'cleared') =>
      (await reader.alerts({ state, limit: 10 })).map(({ raisedOffset }) => raisedOffset);
    await expect(ids('cleared')).resolves.toEqual([4, 1]);
    await expect(ids('active')).resolves.toEqual([7, 6, 5]);
  });

  it('tells recovering alerts from active ones; both are open', async () => {
    const { store, reader } = stores();
    const owner = await store.acquire(source, null);
    const recovering = alertAt(2, { state: 'recovering', version: 2, reason: 'recovering' });
    await store.commit(checkpoint(owner, 100, { alerts: [alertAt(1), recovering, clearedAt(3, 50)] }));
    const ids = async (state: 'open' | 'active' | 'recovering') =>
      (await reader.alerts({ state, limit: 10 })).map(({ raisedOffset }) => raisedOffset);
    await expect(ids('open')).resolves.toEqual([2, 1]);
    await expect(ids('active')).resolves.toEqual([1]);
    await expect(ids('recovering')).resolves.toEqual([2]);
  });

  it('gives the newest alerts first, of all partitions, and not more than asked for', async () => {
    const { store, reader } = stores();
    const owner = await store.acquire(source, null);
    await store.commit(checkpoint(owner, 10, { alerts: [alertAt(1), alertAt(3)] }));
    const other = { topic: 'device-data', partition: 1 };
    const neighbour = await store.acquire(other, null);
    await store.commit(checkpoint(neighbour, 10, { source: other, alerts: [{ ...alertAt(2), id: 'elsewhere' }] }));
    const found = await reader.alerts({ limit: 2 });
    expect(found.map(({ raisedOffset }) => raisedOffset)).toEqual([3, 2]);
  });
};
