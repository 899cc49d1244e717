import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import type { FlatRecord } from '../../../streams/codecs/flat.js';
import type { NestedRecord } from '../../../streams/codecs/nested.js';
import type { Telemetry } from '../../../streams/model/telemetry.js';
import { telemetryMaker } from '../../../streams/stages/telemetry-of.js';
import { PartitionState } from '../../../streams/state/partition-state.js';
import { eventMs, settings, source } from '../fixtures.js';

const make = (state = PartitionState.empty(source)) => telemetryMaker(settings.metrics, state);
const nested = (changed: object): Telemetry => {
  const record = { device_id: 'd-1', timestamp: eventMs, sensors: {}, ...changed } as NestedRecord;
  const result = make().ofNested(record, null);
  if (isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
};
const at = (name: string): number => settings.metrics.findIndex((metric) => metric.name === name);

describe('telemetryMaker', () => {
  test('has one slot per metric, absent ones NaN, each a double', () => {
    const { readings } = nested({ sensors: { humidity: { value: 0 }, pressure: null } });
    expect(readings).toHaveLength(settings.metrics.length);
    expect(readings.filter((value) => !Number.isNaN(value))).toEqual([0]);
    expect(readings[at('humidity')]).toBe(0);
  });

  test('remembers units only where something is to be converted', () => {
    expect(
      nested({ sensors: { temperature: { value: 1, unit: '°C' }, humidity: { value: 1, unit: '' } } }).units,
    ).toBeNull();
    const { units } = nested({
      sensors: { temperature: { value: 70, unit: '°F' }, humidity: { value: 1, unit: '%' } },
    });
    expect(units?.[at('temperature')]).toBe('°F');
    expect(units?.filter((unit) => unit !== null)).toHaveLength(1);
  });

  test('is as good as the worst word of the device and of its sensors', () => {
    const qualities = [
      { sensors: { humidity: { value: 1, status: 'normal' } }, status: 'online' },
      { sensors: { humidity: { value: 1, status: 'warning' } }, status: 'online' },
      { sensors: { humidity: { value: 1, status: 'warning' }, current: { value: 1, status: 'offline' } } },
      { sensors: { humidity: { value: 1, status: 'normal' } }, status: 'error' },
    ].map((changed) => nested(changed).quality);
    expect(qualities).toEqual(['good', 'uncertain', 'bad', 'bad']);
  });

  test('reads a switch as 1 and 0', () => {
    const of = (value: boolean | number): number | undefined =>
      nested({ sensors: { switch_status: { value } } }).readings[at('switch')];
    expect([of(true), of(false), of(1)]).toEqual([1, 0, 1]);
  });

  test('judges the id before the time, and remembers no device of which either is wrong', () => {
    const state = PartitionState.empty(source);
    const maker = make(state);
    const sensors = {};
    expect(maker.ofNested({ device_id: 'a b', sensors }, null)).toMatchObject({ left: { _tag: 'bad_id' } });
    expect(maker.ofNested({ device_id: 'ab', sensors }, { messageId: 'm' })).toMatchObject({
      left: { _tag: 'ts_missing' },
    });
    expect(maker.ofFlat({ device_id: 'ab', timestamp: 7 } as FlatRecord)).toMatchObject({ left: { _tag: 'ts_unit' } });
    expect(Array.from(state.devices())).toEqual([]);
  });

  test('gives every record of a device the same handle', () => {
    const maker = make();
    const record = maker.ofNested({ device_id: 'd', timestamp: eventMs, sensors: {} }, null);
    const flat = maker.ofFlat({ device_id: 'd', timestamp: '2025-08-02T02:15:30Z' } as FlatRecord);
    if (isLeft(record) || isLeft(flat)) throw new Error('both are right');
    expect(record.right.device).toBe(flat.right.device);
  });
});
