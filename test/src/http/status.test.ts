import { describe, expect, test } from 'vitest';
import { statusOf } from '../../../src/http/status.js';
import { asOffset } from '../../../streams/model/units.js';
import { fakeReader, partitionStatus, sourceStatus, statusParts, tally } from './fakes.js';

describe('statusOf', () => {
  test('says what the service is, does and counted', async () => {
    const status = await statusOf(statusParts())();
    expect(status).toMatchObject({
      version: '1.2.3',
      kind: 'embedded',
      group: 'test-group',
      status: 'ready',
      rates: { overMs: 5000, perSecond: { read: 10 } },
      totals: { 'device-data': { ...tally, addsUp: true } },
      totalsOfProcess: { 'device-data': { ...tally, addsUp: true } },
      clients: 2,
      frames: 9,
      settings: {
        rules: 'plain',
        framesPerSecond: 4,
        metrics: [
          { name: 'temperature', unit: '°C', min: -50, max: 150, isDerived: false },
          { name: 'humidity', unit: '%', min: 0, max: 100, isDerived: false },
        ],
        windows: [
          {
            id: 'window',
            span: { kind: 'tumbling', settings: { size: 60_000 }, text: 'each 1m', lengthMs: 60_000, overlap: 1 },
            allowedLatenessMs: 30_000,
            metrics: ['temperature', 'humidity'],
          },
        ],
        alertRules: [
          {
            id: 'temperature_high',
            metric: 'temperature',
            levels: [{ severity: 'warning', raise: '> 40', clear: '<= 38' }],
          },
        ],
      },
    });
  });

  test('says when totals do not add up', async () => {
    const { reader } = fakeReader({ totals: () => Promise.resolve({ t: { ...tally, dead: 1 } }) });
    expect((await statusOf(statusParts({ reader }))()).totals).toEqual({ t: { ...tally, dead: 1, addsUp: false } });
  });

  test('counts lag from what is settled, in records and in time', async () => {
    const now = Date.now();
    const source = () =>
      sourceStatus([
        partitionStatus(0, { lastTimestampMs: now - 2000 }),
        partitionStatus(1, { settled: asOffset(100), lastTimestampMs: now - 60_000 }),
        partitionStatus(2, { settled: null, next: asOffset(99), lastTimestampMs: null }),
      ]);
    const { partitions, lag } = await statusOf(statusParts({ source }))();
    expect(partitions.map((partition) => partition.lag)).toEqual([20, 0, 1]);
    expect(partitions[0]?.lagMs).toBeGreaterThanOrEqual(2000);
    expect(partitions[0]?.lagMs).toBeLessThan(10_000);
    expect([partitions[1]?.lagMs, partitions[2]?.lagMs]).toEqual([0, null]);
    expect(lag).toBe(21);
  });

  test('does not call unknown lag none', async () => {
    const source = () => sourceStatus([partitionStatus(0), partitionStatus(1, { highWatermark: null })]);
    const { partitions, lag } = await statusOf(statusParts({ source }))();
    expect([partitions[1]?.lag, partitions[1]?.lagMs, lag]).toEqual([null, null, null]);
  });
});
