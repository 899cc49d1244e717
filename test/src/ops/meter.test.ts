import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMeter, type ServiceMeter } from '../../../src/ops/meter.js';
import type { SettledStep } from '../../../src/ports.js';
import { asOffset } from '../../../streams/model/units.js';
import { partitionStatus, sourceStatus, tally } from '../http/fakes.js';

const step = (changed: Partial<SettledStep> = {}): SettledStep => ({
  source: { topic: 'device-data', partition: 0 },
  tally,
  reasons: new Map([
    ['schema', 2],
    ['late', 1],
    ['duplicate', 1],
    ['tombstone', 1],
  ]),
  ruleFaults: new Map([['heat-index', 2]]),
  chunkSeconds: [0.002, 0.2],
  commitSeconds: 0.004,
  eventToPushSeconds: 0.3,
  ...changed,
});

describe('createMeter', () => {
  let meter: ServiceMeter;

  beforeEach(() => {
    meter = createMeter({ version: '1.2.3', topics: ['device-data'] });
  });
  afterEach(() => meter.close());

  /** Samples by name and labels, as scraped. */
  const samples = async (): Promise<ReadonlyMap<string, number>> => {
    const lines = (await meter.scrape()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    );
  };

  test('accounts for every record: read = counted + duplicate + late + dead + skipped', async () => {
    meter.settled(step());
    meter.settled(step({ source: { topic: 'other', partition: 3 } }));
    meter.settled(step());
    const found = await samples();
    const outcomes = ['counted', 'duplicate', 'late', 'dead', 'skipped'];
    for (const [topic, times] of [
      ['device-data', 2],
      ['other', 1],
    ] as const) {
      // prettier-ignore
      const counts = outcomes.map((outcome) => found.get(`weir_records_total{topic="${topic}",outcome="${outcome}"}`));
      expect(counts).toEqual([5, 1, 1, 2, 1].map((count) => count * times));
      expect(found.get(`weir_records_read_total{topic="${topic}"}`)).toBe(10 * times);
      expect(found.get(`kafka_consumer_messages_consumed_total{topic="${topic}"}`)).toBe(10 * times);
    }
    expect(found.get('weir_rule_faults_total{rule="heat-index"}')).toBe(6);
    expect(meter.totals()).toEqual({
      'device-data': { read: 20, counted: 10, duplicate: 2, late: 2, dead: 4, skipped: 2 },
      other: tally,
    });
  });

  test('counts reasons, and puts one that it does not know under other', async () => {
    meter.settled(step({ reasons: new Map([['schema', 2], ['tombstone', 3], ['device-4711', 1]]) })); // prettier-ignore
    const found = await samples();
    expect(found.get('weir_rejections_total{reason="schema"}')).toBe(2);
    expect(found.get('weir_skips_total{reason="tombstone"}')).toBe(3);
    expect(found.get('weir_skips_total{reason="other"}')).toBe(1);
    expect([...found.keys()].filter((name) => name.includes('4711'))).toEqual([]);
  });

  test('observes durations per chunk and per step', async () => {
    meter.settled(step());
    meter.settled(step({ eventToPushSeconds: null }));
    meter.settled(step({ eventToPushSeconds: -4 }));
    const found = await samples();
    const name = 'kafka_consumer_processing_duration_seconds';
    expect(found.get(`${name}_count`)).toBe(6);
    const buckets = ['0.001', '0.005', '0.01', '0.05', '0.1', '0.5', '1', '+Inf'];
    expect(buckets.map((le) => found.get(`${name}_bucket{le="${le}"}`))).toEqual([0, 3, 3, 3, 3, 6, 6, 6]);
    expect([...found.keys()].filter((key) => key.startsWith(`${name}_bucket`)).length).toBe(buckets.length);
    expect(found.get('weir_commit_duration_seconds_count')).toBe(3);
    expect(found.get('weir_event_to_push_seconds_count')).toBe(2);
    expect(found.get('weir_event_to_push_seconds_sum')).toBeCloseTo(0.3);
  });

  test('reads gauges at each scrape, and forgets partitions that were given away', async () => {
    let partitions = [partitionStatus(0), partitionStatus(1, { phase: 'halted', settled: asOffset(60) })];
    let rules = { sequence: 7, version: 'abc', isLastReloadGood: true, lastGoodAtMs: 1_500 };
    meter.watch({ source: () => sourceStatus(partitions), clients: () => 3, rules: () => rules });
    const before = await samples();
    expect(before.get('weir_rules_info{version="abc"}')).toBe(1);
    expect(before.get('weir_rules_sequence')).toBe(7);
    expect(before.get('weir_config_last_reload_success')).toBe(1);
    expect(before.get('weir_config_last_reload_success_timestamp_seconds')).toBe(1.5);
    expect(before.get('kafka_consumer_lag_messages{topic="device-data",partition="0"}')).toBe(20);
    expect(before.get('kafka_consumer_lag_messages{topic="device-data",partition="1"}')).toBe(40);
    expect(before.get('weir_partition_halted{topic="device-data",partition="1"}')).toBe(1);
    expect(before.get('weir_partition_paused{topic="device-data",partition="1"}')).toBe(0);
    expect(before.get('weir_unsettled_bytes{topic="device-data",partition="0"}')).toBe(512);
    expect(before.get('weir_active_partitions')).toBe(2);
    expect(before.get('weir_push_clients')).toBe(3);

    partitions = [partitionStatus(0, { phase: 'paused', highWatermark: null })];
    rules = { ...rules, version: 'def', isLastReloadGood: false };
    const after = await samples();
    expect([...after.keys()].filter((name) => name.startsWith('weir_rules_info'))).toEqual([
      'weir_rules_info{version="def"}',
    ]);
    expect(after.get('weir_config_last_reload_success')).toBe(0);
    expect([...after.keys()].filter((name) => name.includes('partition="1"'))).toEqual([]);
    expect(after.has('kafka_consumer_lag_messages{topic="device-data",partition="0"}')).toBe(false);
    expect(after.get('weir_partition_paused{topic="device-data",partition="0"}')).toBe(1);
    expect(after.get('weir_active_partitions')).toBe(1);
  });

  test('counts events: rebalances, lost records, faults by code', async () => {
    const source = { topic: 'device-data', partition: 0 };
    meter.happened({ _tag: 'group_joined', session: 1, partitions: [source] });
    meter.happened({ _tag: 'data_loss', source, from: asOffset(1), to: asOffset(8), records: 7, why: 'retention' });
    meter.happened({ _tag: 'fault', code: 'redis_unreachable', message: 'gone' });
    meter.happened({ _tag: 'fault', code: 'made up', message: 'gone' });
    meter.happened({ _tag: 'store_refused', source, message: 'OOM', attempt: 1 });
    const found = await samples();
    expect(found.get('weir_rebalances_total')).toBe(1);
    expect(found.get('weir_data_loss_records_total{topic="device-data"}')).toBe(7);
    expect(found.get('weir_errors_total{code="redis_unreachable"}')).toBe(1);
    expect(found.get('weir_errors_total{code="internal"}')).toBe(1);
    expect(found.get('weir_errors_total{code="store_refused"}')).toBe(1);
    expect(found.get('weir_events_total{event="fault"}')).toBe(2);
  });

  test('shows counters before anything has happened', async () => {
    const found = await samples();
    expect(found.get('weir_records_total{topic="device-data",outcome="dead"}')).toBe(0);
    expect(found.get('weir_rejections_total{reason="too_deep"}')).toBe(0);
    expect(found.get('weir_errors_total{code="data_loss"}')).toBe(0);
    expect(found.get(`weir_build_info{version="1.2.3",node="${process.version}"}`)).toBe(1);
  });

  test('has the metrics that docs/metrics.md lists, and no others', async () => {
    const text = await readFile(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const listed = [...text.matchAll(/^\| `((?:weir|kafka)_[a-z_]+)`/gm)].map(([, name]) => name);
    const own = meter.names().filter((name) => name.startsWith('weir_') || name.startsWith('kafka_'));
    expect(listed.toSorted()).toEqual(own.toSorted());
    expect(meter.names()).toContain('process_cpu_seconds_total');
  });
});
