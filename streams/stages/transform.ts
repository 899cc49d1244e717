import { left, right } from 'fp-ts/lib/Either.js';
import { shown } from '../codecs/explain.js';
import { planner } from '../rules/planner.js';
import type { PipelineSettings } from '../rules/settings.js';
import type { Stage } from '../model/stage.js';
import { Telemetry } from '../model/telemetry.js';
import { Conversions } from './conversions.js';

/** Brings readings to the canonical unit of their metric, and calibrates them. What needs neither passes as the same object. */
export const transform = ({ rules }: Pick<PipelineSettings, 'rules'>): Stage<Telemetry, Telemetry> => {
  const planOf = planner(rules);
  const conversions = new Conversions(rules.metrics);
  return (telemetry) => {
    const { device, eventTimeMs, units, quality, profile, messageId, format } = telemetry;
    const { calibration } = planOf(device, profile).plan;
    if (units === null && calibration === null) return right(telemetry);
    const readings: number[] = [];
    for (const [i, value] of telemetry.readings.entries()) {
      const unit = units?.[i] ?? null;
      const conversion = unit === null || Number.isNaN(value) ? asItIs : conversions.of(i, unit);
      if (conversion === null) {
        const path = rules.metrics[i]?.name ?? '';
        return left({ _tag: 'unknown_unit', path, message: `the unit ${shown(unit)} can't be converted` });
      }
      const canonical = conversion(value);
      readings.push(calibration === null ? canonical : calibrated(canonical, calibration, i));
    }
    return right(new Telemetry(device, eventTimeMs, readings, null, quality, profile, messageId, format));
  };
};

const asItIs = (value: number): number => value;

/** Never −0. */
const calibrated = (
  value: number,
  { scale, offset }: { readonly scale: readonly number[]; readonly offset: readonly number[] },
  metric: number,
): number => value * (scale[metric] ?? 1) + (offset[metric] ?? 0) + 0;
