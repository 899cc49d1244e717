import { left, right } from 'fp-ts/lib/Either.js';
import { shown } from '../codecs/explain.js';
import type { TimeSetting } from '../model/settings.js';
import type { MetricRule } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import type { RawRecord } from '../model/raw-record.js';
import type { Rejection } from '../model/rejection.js';
import type { Stage } from '../model/stage.js';
import type { Telemetry } from '../model/telemetry.js';
import { Conversions, unstated } from './conversions.js';

/** Turns away what can't be true: no reading at all, a unit nobody knows, values outside the physical range, times far off the log's. */
export const validate = ({
  metrics,
  time,
}: Pick<PipelineSettings, 'metrics' | 'time'>): Stage<Telemetry, Telemetry> => {
  const conversions = new Conversions(metrics);
  return (telemetry, origin) => {
    const fault = readingFault(telemetry, metrics, conversions) ?? timeFault(telemetry, origin, time);
    return fault === null ? right(telemetry) : left(fault);
  };
};

const readingFault = (
  { readings, units }: Telemetry,
  metrics: readonly MetricRule[],
  conversions: Conversions,
): Rejection | null => {
  let present = 0;
  for (let i = 0; i < metrics.length; i += 1) {
    const metric = metrics[i];
    const value = readings[i] ?? NaN;
    if (metric === undefined || Number.isNaN(value)) continue;
    present += 1;
    const unit = units?.[i] ?? null;
    const conversion = unit === null ? null : conversions.of(i, unit);
    if (unit !== null && conversion === null) {
      const message =
        unit === unstated
          ? `${metric.name}: the unit is not stated, and the rules want it`
          : `${metric.name}: the unit ${shown(unit)} can't be converted to ${metric.unit}`;
      return { _tag: 'unknown_unit', path: metric.name, message };
    }
    const canonical = conversion === null ? value : conversion(value);
    if (canonical < metric.min || canonical > metric.max) {
      const message = `${metric.name}: ${canonical} ${metric.unit} is outside ${metric.min} to ${metric.max}`;
      return { _tag: 'out_of_range', path: metric.name, message };
    }
  }
  return present > 0 ? null : { _tag: 'schema', path: '', message: 'the record holds no reading of a known metric' };
};

const timeFault = (
  { eventTimeMs }: Telemetry,
  { timestampMs }: RawRecord,
  { maxAheadMs, maxPastMs }: TimeSetting,
): Rejection | null => {
  const aheadMs = eventTimeMs - timestampMs;
  if (aheadMs > maxAheadMs) {
    return {
      _tag: 'ts_future',
      message: `the event is ${aheadMs} ms ahead of its record; at most ${maxAheadMs} ms are accepted`,
    };
  }
  if (-aheadMs > maxPastMs) {
    return {
      _tag: 'ts_past',
      message: `the event is ${-aheadMs} ms older than its record; at most ${maxPastMs} ms are accepted`,
    };
  }
  return null;
};
