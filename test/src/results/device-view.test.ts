import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/rules/default-settings.js';
import { deviceViewOf, mergeDeviceViews } from '../../../src/results/device-view.js';
import type { DeviceView } from '../../../src/ports.js';
import { latestMemory, unknownProfile } from '../../../streams/state/latest-memory.js';

const { metrics } = defaultSettings();
const source = { topic: 'device-data', partition: 3 };

describe('deviceViewOf', () => {
  it('shows live state as it would be stored, and nothing while nothing has counted', () => {
    const latest = latestMemory(metrics).create();
    expect(deviceViewOf('d1', source, latest, metrics)).toBeNull();
    latest.eventTimeMs = 50;
    latest.offset = 7;
    latest.readings[2] = 0;
    latest.readings[3] = 50;
    expect(deviceViewOf('d1', source, latest, metrics)).toEqual({
      id: 'd1',
      eventTimeMs: 50,
      quality: 'good',
      readings: { humidity: { value: 0, atMs: 50 } },
      flags: {},
      profile: unknownProfile,
      versions: { 'device-data-3': 7 },
    });
  });
});

describe('mergeDeviceViews', () => {
  const view = (more: Partial<DeviceView>): DeviceView => ({
    id: 'd1',
    eventTimeMs: 1,
    quality: 'good',
    readings: {},
    flags: {},
    profile: unknownProfile,
    versions: {},
    ...more,
  });

  it('takes of each metric the newer reading, whichever view is newer as a whole', () => {
    const a = view({
      eventTimeMs: 9,
      quality: 'bad',
      readings: { x: { value: 1, atMs: 2 }, y: { value: 1, atMs: 9 } },
      versions: { p: 1 },
    });
    const b = view({
      eventTimeMs: 5,
      readings: { x: { value: 2, atMs: 5 }, z: { value: 2, atMs: 1 } },
      versions: { q: 2 },
    });
    const merged = view({
      eventTimeMs: 9,
      quality: 'bad',
      readings: { x: { value: 2, atMs: 5 }, y: { value: 1, atMs: 9 }, z: { value: 2, atMs: 1 } },
      versions: { p: 1, q: 2 },
    });
    expect(mergeDeviceViews(a, b)).toEqual(merged);
    expect(mergeDeviceViews(b, a)).toEqual(merged);
  });
});
