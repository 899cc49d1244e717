import { expect, it } from 'vitest';
import { asOffset } from '../../streams/model/units.js';
import { column } from '../../streams/windows/window-row.js';
import type { OpenedStore } from './store.js';
import {
  baseMs,
  checkpoint,
  closedWindow,
  deviceText,
  minute,
  openRow,
  partitionText,
  sibling,
  source,
  type Written,
} from './store-fixtures.js';

/** What people read, merged over partitions. */
export const readerConformance = (stores: () => OpenedStore): void => {
  const write = async (to: typeof source, written: Written): Promise<void> => {
    const { store } = stores();
    const owner = await store.acquire(to, null);
    const next = asOffset((owner.next ?? 0) + 10);
    await expect(store.commit(checkpoint(owner, next, { ...written, source: to }))).resolves.toEqual({
      _tag: 'applied',
    });
  };

  it('knows no device before one is written', async () => {
    const { reader } = stores();
    await expect(reader.devices({ limit: 10 })).resolves.toEqual([]);
    await expect(reader.device('d1')).resolves.toBeNull();
    await expect(reader.windows('d1', { limit: 10 })).resolves.toEqual([]);
    await expect(reader.alerts({ limit: 10 })).resolves.toEqual([]);
    await expect(reader.totals()).resolves.toEqual({});
  });

  it('lists devices in order of id, page by page, over all partitions', async () => {
    const { reader } = stores();
    const text = deviceText();
    await write(source, { devices: { b: text, 'a:1': text, '𐐷': text } });
    await write(sibling, { devices: { c: text, b: text, A: text, '\uFA0E': text } });
    await write(source, { devices: { a: text, b: text } });
    const ids = async (limit: number, after?: string) =>
      (await reader.devices({ limit, ...(after !== undefined && { after }) })).map(({ id }) => id);
    await expect(ids(100)).resolves.toEqual(['A', 'a', 'a:1', 'b', 'c', '\uFA0E', '𐐷']);
    await expect(ids(2)).resolves.toEqual(['A', 'a']);
    await expect(ids(3, 'a')).resolves.toEqual(['a:1', 'b', 'c']);
    await expect(ids(3, 'c')).resolves.toEqual(['\uFA0E', '𐐷']);
    await expect(ids(3, 'bb')).resolves.toEqual(['c', '\uFA0E', '𐐷']);
    await expect(ids(3, '𐐷')).resolves.toEqual([]);
    await write(source, { devices: { aa: text } });
    await expect(ids(3, 'a')).resolves.toEqual(['a:1', 'aa', 'b']);
  });

  it('leaves out devices of which nothing has counted, and fills the page all the same', async () => {
    const { reader } = stores();
    const nothing = deviceText({ latest: null });
    await write(source, { devices: { a: nothing, b: deviceText(), c: nothing, d: deviceText(), e: deviceText() } });
    const found = await reader.devices({ limit: 2 });
    expect(found.map(({ id }) => id)).toEqual(['b', 'd']);
    await expect(reader.device('a')).resolves.toBeNull();
  });

  it('merges a device that lies in several partitions', async () => {
    const { reader } = stores();
    const older = {
      eventTimeMs: baseMs,
      offset: 7,
      values: { temperature: 20, humidity: 40 },
    };
    const newer = {
      eventTimeMs: baseMs + 5,
      offset: 3,
      quality: 'uncertain' as const,
      values: { temperature: 21, humidity: 41 },
      agesMs: { humidity: 6 },
      profile: { type: 'sensor', status: 'degraded', location: null, info: null },
    };
    await write(source, { devices: { d1: deviceText({ latest: older }) } });
    await write(sibling, { devices: { d1: deviceText({ latest: newer }) } });
    const view = {
      id: 'd1',
      eventTimeMs: baseMs + 5,
      quality: 'uncertain',
      readings: { temperature: { value: 21, atMs: baseMs + 5 }, humidity: { value: 40, atMs: baseMs } },
      flags: {},
      profile: newer.profile,
      versions: { 'device-data-0': 7, 'device-data-1': 3 },
    };
    await expect(reader.device('d1')).resolves.toEqual(view);
    await expect(reader.devices({ limit: 10 })).resolves.toEqual([view]);
  });

  it('gives open and closed windows by metric and start, the newest of them, within bounds', async () => {
    const { reader } = stores();
    const startMs = baseMs + 2 * minute;
    const rows = { temperature: openRow(startMs, [[21, startMs]]), humidity: openRow(startMs, [[44, startMs]]) };
    const window = [{ startMs, rows }];
    const windows = [
      closedWindow(baseMs, [1]),
      closedWindow(baseMs + minute, [2]),
      closedWindow(baseMs, [40], { metric: 'humidity' }),
    ];
    await write(source, { devices: { d1: deviceText({ window }) }, windows });
    const found = async (query: Omit<Parameters<typeof reader.windows>[1], 'limit'> & { limit?: number }) =>
      (await reader.windows('d1', { limit: 100, ...query })).map(
        ({ metric, startMs, isClosed }) => `${metric} ${(startMs - baseMs) / minute} ${isClosed ? 'closed' : 'open'}`,
      );
    await expect(found({})).resolves.toEqual([
      'humidity 0 closed',
      'humidity 2 open',
      'temperature 0 closed',
      'temperature 1 closed',
      'temperature 2 open',
    ]);
    await expect(found({ metric: 'temperature', limit: 2 })).resolves.toEqual([
      'temperature 1 closed',
      'temperature 2 open',
    ]);
    await expect(found({ limit: 3 })).resolves.toEqual([
      'humidity 2 open',
      'temperature 1 closed',
      'temperature 2 open',
    ]);
    await expect(found({ fromMs: baseMs, toMs: baseMs + minute })).resolves.toEqual([
      'humidity 0 closed',
      'temperature 0 closed',
    ]);
    await expect(found({ fromMs: baseMs + 1, toMs: baseMs + 2 * minute })).resolves.toEqual(['temperature 1 closed']);
    await expect(found({ metric: 'pressure' })).resolves.toEqual([]);
  });

  it('merges the parts of a window that lie in several partitions as if they were one', async () => {
    const { reader } = stores();
    const left = [[20, baseMs + 1], [26, baseMs + 9], [21, baseMs + 3]] as const; // prettier-ignore
    const right = [[10, baseMs + 2], [30, baseMs + 4]] as const; // prettier-ignore
    const opened = (values: typeof left | typeof right) => [
      { startMs: baseMs, rows: { temperature: openRow(baseMs, values) } },
    ];
    const whole = openRow(baseMs, [...left, ...right]);
    await write(source, { devices: { d1: deviceText({ window: opened(left) }) } });
    await write(sibling, { devices: { d1: deviceText({ window: opened(right) }) } });
    const [merged, ...more] = await reader.windows('d1', { limit: 10 });
    expect(more).toEqual([]);
    expect(merged).toMatchObject({
      count: 5,
      sum: 107,
      min: 10,
      max: 30,
      first: 20,
      last: 26,
      revision: 0,
      isClosed: false,
    });
    expect(merged?.mean).toBeCloseTo(whole[column.sum] / 5, 12);
    expect(merged?.variance).toBeCloseTo(whole[column.m2] / 5, 12);
  });

  it('calls a merged window closed when all its parts are, and counts corrections of all', async () => {
    const { reader } = stores();
    const devices = { d1: deviceText() };
    await write(source, { devices, windows: [closedWindow(baseMs, [1, 2], { revision: 2 })] });
    await write(sibling, { devices, windows: [closedWindow(baseMs, [3], { revision: 3 })] });
    await expect(reader.windows('d1', { limit: 10 })).resolves.toMatchObject([
      { count: 3, sum: 6, first: 1, last: 2, revision: 4, isClosed: true },
    ]);
    const startMs = baseMs + minute;
    const window = [{ startMs, rows: { temperature: openRow(startMs, [[5, startMs]]) } }];
    await write(source, { devices: { d1: deviceText({ window }) } });
    await write(sibling, { devices, windows: [closedWindow(baseMs + minute, [7])] });
    await expect(reader.windows('d1', { fromMs: baseMs + minute, limit: 10 })).resolves.toMatchObject([
      { count: 2, revision: 0, isClosed: false },
    ]);
  });

  it('adds up what became of records, per topic', async () => {
    const { reader } = stores();
    await write(source, { partition: partitionText({ read: 10, counted: 7, late: 1, dead: 2 }) });
    await write(sibling, { partition: partitionText({ read: 5, counted: 3, duplicate: 1, skipped: 1 }) });
    await write({ topic: 'elsewhere', partition: 0 }, { partition: partitionText({ read: 1, counted: 1 }) });
    await expect(reader.totals()).resolves.toEqual({
      'device-data': { read: 15, counted: 10, duplicate: 1, late: 1, dead: 2, skipped: 1 },
      elsewhere: { read: 1, counted: 1, duplicate: 0, late: 0, dead: 0, skipped: 0 },
    });
  });
};
