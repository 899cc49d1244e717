import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeviceView, LateView } from '../../../../src/ports.js';
import { coalesced, mergedView } from '../../../../src/sinks/socketio/coalesced.js';
import { atMs, deviceView } from '../../http/fakes.js';

describe('coalesced', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const gathering = (intervalMs: number) => {
    const frames: (readonly DeviceView[])[] = [];
    return { frames, gathered: coalesced(intervalMs, (views) => void frames.push(views)) };
  };
  const versioned = (id: string, version: number): DeviceView =>
    deviceView(id, { versions: { 'device-data-0': version } });

  test('emits one frame with the newest view of each device', () => {
    const { frames, gathered } = gathering(250);
    gathered.add([versioned('a', 1), versioned('b', 2)]);
    gathered.add([versioned('a', 3)]);
    vi.advanceTimersByTime(1);

    expect(frames).toEqual([[versioned('a', 3), versioned('b', 2)]]);
  });

  test('emits at most one frame per interval, however often views are added', () => {
    const times: number[] = [];
    const gathered = coalesced(250, () => void times.push(performance.now()));
    const began = performance.now();
    for (let i = 0; i < 1000; i += 1) {
      gathered.add([versioned('a', i)]);
      vi.advanceTimersByTime(1);
    }

    expect(times.map((time) => Math.round(time - began))).toEqual([0, 250, 500, 750, 1000]);
  });

  test('emits a first change at once and the newest one at the end of the interval', () => {
    const { frames, gathered } = gathering(250);
    gathered.add([versioned('a', 1)]);
    vi.advanceTimersByTime(0);
    gathered.add([versioned('a', 2)]);
    gathered.add([versioned('a', 3)]);
    vi.advanceTimersByTime(249);
    expect(frames).toEqual([[versioned('a', 1)]]);
    vi.advanceTimersByTime(1);

    expect(frames).toEqual([[versioned('a', 1)], [versioned('a', 3)]]);
  });

  test('spreads more devices than a frame takes over the next ones, what waits longest first, in its newest state', () => {
    const { frames, gathered } = gathering(250);
    const all = Array.from({ length: 2_100 }, (_, index) => `d-${index}`);
    gathered.add(all.map((id) => versioned(id, 1)));
    vi.advanceTimersByTime(1);
    gathered.add([versioned('d-0', 2), versioned('d-2099', 2)]);
    vi.advanceTimersByTime(1_000);

    expect(frames.map((frame) => frame.length)).toEqual([1_000, 1_000, 101]);
    expect(frames[1]?.[0]?.id).toBe('d-1000');
    expect(frames[2]?.slice(-2)).toEqual([versioned('d-2099', 2), versioned('d-0', 2)]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('makes a late view once, for its frame, and of those from one source the newest alone', () => {
    const { frames, gathered } = gathering(250);
    const source = { topic: 'device-data', partition: 0 };
    const asked: number[] = [];
    const late = (offset: number, from = source): LateView => ({
      id: 'a',
      source: from,
      offset,
      view: () => {
        asked.push(offset);
        return deviceView('a', { versions: { [`${from.topic}-${from.partition}`]: offset } });
      },
    });
    gathered.add([late(1), late(3), late(2)]);
    vi.advanceTimersByTime(1);
    expect(asked).toEqual([3]);
    gathered.add([late(4), late(5), late(7, { ...source, partition: 1 })]);
    vi.advanceTimersByTime(250);

    expect(asked).toEqual([3, 5, 7]);
    expect(frames.map(([view]) => view?.versions)).toEqual([
      { 'device-data-0': 3 },
      { 'device-data-0': 5, 'device-data-1': 7 },
    ]);
  });

  test('emits nothing when nothing changed', () => {
    const { frames, gathered } = gathering(250);
    gathered.add([]);
    vi.advanceTimersByTime(1000);

    expect(frames).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('drops what is gathered and goes on afterwards', () => {
    const { frames, gathered } = gathering(250);
    gathered.add([versioned('a', 1)]);
    gathered.drop();
    vi.advanceTimersByTime(1000);
    gathered.add([versioned('b', 2)]);
    vi.advanceTimersByTime(1000);

    expect(frames).toEqual([[versioned('b', 2)]]);
  });
});

describe('mergedView', () => {
  test('takes the later view of the same partition, also when its event is older', () => {
    const held = deviceView('a', { versions: { 'd-0': 4 }, eventTimeMs: atMs });
    const next = deviceView('a', { versions: { 'd-0': 5 }, eventTimeMs: atMs - 1 });
    expect(mergedView(held, next)).toBe(next);
  });

  test('keeps what it holds when the other is older in all its versions', () => {
    const held = deviceView('a', { versions: { 'd-0': 5, 'd-1': 2 } });
    expect(mergedView(held, deviceView('a', { versions: { 'd-0': 4 } }))).toBe(held);
  });

  test('merges views of different partitions: newest reading per metric, every version', () => {
    const held = deviceView('a', {
      versions: { 'd-0': 5 },
      eventTimeMs: atMs,
      quality: 'bad',
      readings: { temperature: { value: 1, atMs }, humidity: { value: 2, atMs: atMs - 9 } },
    });
    const next = deviceView('a', {
      versions: { 'd-1': 3 },
      eventTimeMs: atMs - 5,
      readings: { temperature: { value: 9, atMs: atMs - 5 }, humidity: { value: 8, atMs: atMs - 5 } },
    });
    expect(mergedView(held, next)).toEqual({
      ...held,
      versions: { 'd-0': 5, 'd-1': 3 },
      readings: { temperature: { value: 1, atMs }, humidity: { value: 8, atMs: atMs - 5 } },
    });
  });
});
