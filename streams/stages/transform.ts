import { left, right } from 'fp-ts/lib/Either.js';
import { shown } from '../codecs/explain.js';
import { convert } from '../codecs/units.js';
import type { PipelineSettings } from '../rules/settings.js';
import type { Stage } from '../model/stage.js';
import { Telemetry } from '../model/telemetry.js';

/** Brings readings to the canonical unit of their metric. What is canonical already passes as the same object. */
export const transform =
  ({ metrics }: Pick<PipelineSettings, 'metrics'>): Stage<Telemetry, Telemetry> =>
  (telemetry) => {
    const { device, eventTimeMs, units, quality, profile, messageId, format } = telemetry;
    if (units === null) return right(telemetry);
    const readings: number[] = [];
    for (const [i, value] of telemetry.readings.entries()) {
      const unit = units[i] ?? null;
      const metric = metrics[i];
      const canonical = unit === null || metric === undefined ? value : convert(value, unit, metric.unit);
      if (canonical === null) {
        return left({
          _tag: 'unknown_unit',
          path: metric?.name ?? '',
          message: `the unit ${shown(unit)} can't be converted`,
        });
      }
      readings.push(canonical);
    }
    return right(new Telemetry(device, eventTimeMs, readings, null, quality, profile, messageId, format));
  };
