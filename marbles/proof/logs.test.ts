import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { devicePipeline } from '../../streams/pipeline.js';
import { tallyOf } from '../../streams/model/chunk.js';
import { atOnce, logs, runLog, testSettings } from '../kit/index.js';

const settings = testSettings();
const sample = fc.sample(logs(settings), { seed: 1, numRuns: 300 });
const runs = sample.map((log) => ({
  log,
  ...runLog((given, state) => devicePipeline(given, state), settings, log, atOnce),
}));
const outcomes = runs.flatMap(({ settled }) => settled);
const share = (holds: (run: (typeof runs)[number]) => boolean): number => runs.filter(holds).length / runs.length;

describe('drawn logs', () => {
  it.each([
    ['late records', (tag: string) => tag === 'late'],
    ['events ahead of their records', (tag: string) => tag === 'ts_future'],
    ['events too old', (tag: string) => tag === 'ts_past'],
    ['values out of range', (tag: string) => tag === 'out_of_range'],
    ['records that are no JSON', (tag: string) => tag === 'not_json'],
  ])('hold %s', (_what, isIt) => {
    const found = share(({ settled }) =>
      settled.some(({ rejected }) => rejected.some(({ rejection }) => isIt(rejection._tag))),
    );
    expect(found).toBeGreaterThan(0.1);
  });

  it.each(['duplicate', 'tombstone', 'not_telemetry'])('hold records skipped as %s', (tag) => {
    expect(
      share(({ settled }) => settled.some(({ skipped }) => skipped.some(({ skip }) => skip._tag === tag))),
    ).toBeGreaterThan(0.1);
  });

  it('close windows, correct them twice and more, and move the clocks of quiet devices', () => {
    const windows = outcomes.flatMap((chunk) => chunk.windows);
    expect(windows.filter(({ isClosed }) => isClosed).length).toBeGreaterThan(300);
    expect(windows.filter(({ revision }) => revision > 2).length).toBeGreaterThan(20);
    expect(outcomes.flatMap(({ advances }) => advances).length).toBeGreaterThan(100);
  });

  it('raise and clear alerts', () => {
    const alerts = outcomes.flatMap((chunk) => chunk.alerts);
    expect(alerts.filter(({ state }) => state === 'active').length).toBeGreaterThan(100);
    expect(alerts.filter(({ state }) => state === 'cleared').length).toBeGreaterThan(100);
  });

  it('hold readings at equal times, out of order, exactly zero and absent', () => {
    const telemetry = outcomes.flatMap(({ records }) => records.map(({ value }) => value));
    expect(telemetry.filter(({ outdated }) => outdated !== null).length).toBeGreaterThan(100);
    expect(telemetry.filter(({ readings }) => readings.includes(0)).length).toBeGreaterThan(300);
    expect(telemetry.filter(({ readings }) => readings.some(Number.isNaN)).length).toBeGreaterThan(300);
    const ties = share(({ settled }) => {
      const times = settled.flatMap(({ records }) =>
        records.map(({ value }) => `${value.device.id} ${value.eventTimeMs}`),
      );
      return new Set(times).size < times.length;
    });
    expect(ties).toBeGreaterThan(0.25);
  });

  it('leap in log time, go back, and have gaps between offsets', () => {
    const steps = sample.map(({ records }) =>
      records.slice(1).map((record, i) => record.timestampMs - (records[i]?.timestampMs ?? 0)),
    );
    expect(steps.filter((all) => all.some((step) => step > settings.time.maxAheadMs)).length).toBeGreaterThan(30);
    expect(steps.filter((all) => all.some((step) => step < 0)).length).toBeGreaterThan(30);
    const gaps = sample.filter(({ records }) =>
      records.some((record, i) => i > 0 && record.offset > (records[i - 1]?.offset ?? 0) + 1),
    );
    expect(gaps.length).toBeGreaterThan(100);
  });

  it('are believed by log time when they leap for long', () => {
    const leaps = runs.filter(({ log, store }) => {
      const stored = JSON.parse(store.partition ?? '{}') as { logTime: { timeMs: number | null } };
      return (stored.logTime.timeMs ?? 0) > (log.records[0]?.timestampMs ?? Infinity) + settings.time.maxAheadMs;
    });
    expect(leaps.length).toBeGreaterThan(20);
  });

  it('let about half of their records count', () => {
    const counted = outcomes.reduce((sum, chunk) => sum + tallyOf(chunk).counted, 0);
    const read = outcomes.reduce((sum, chunk) => sum + chunk.read, 0);
    expect(counted / read).toBeGreaterThan(0.3);
    expect(counted / read).toBeLessThan(0.8);
  });
});
