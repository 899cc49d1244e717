import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/rules/default-settings.js';
import { deviceViewOf, LiveView, mergeDeviceViews } from '../../../src/results/device-view.js';
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

describe('a live view', () => {
  it('shows the device as it was when the view was asked for, whatever was folded since', () => {
    const latest = latestMemory(metrics).create();
    latest.eventTimeMs = 50;
    latest.offset = 7;
    latest.readings[2] = 41;
    latest.readings[3] = 50;
    const then = deviceViewOf('d1', source, latest, metrics);
    const live = new LiveView('d1', source, latest, metrics);
    latest.eventTimeMs = 60;
    latest.offset = 8;
    latest.quality = 'bad';
    latest.readings[2] = 42;
    latest.readings[3] = 60;
    latest.flags = { humidity: ['stuck'] };
    latest.profile = { ...unknownProfile, type: 'other' };
    expect(live.view()).toEqual(then);
    expect(live).toMatchObject({ id: 'd1', source, offset: 7 });
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
