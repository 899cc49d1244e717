import type { MetricSetting } from '../../streams/model/settings.js';
import { type PlainAlert, plainRules, type PlainWindow } from '../../streams/plain-rules.js';
import type { Rules } from '../../streams/rules/rules.js';
import { type DoorSettings, type PipelineSettings, settingsUnder } from '../../streams/rules/settings.js';

/** Settings with only what matters to a test said; a section that is given may be given in part. */
export interface SomeSettings {
  readonly metrics?: readonly MetricSetting[];
  readonly window?: Partial<PlainWindow>;
  readonly alerts?: readonly PlainAlert[];
  readonly time?: Partial<DoorSettings['time']>;
  readonly dedupe?: Partial<DoorSettings['dedupe']>;
  readonly limits?: Partial<DoorSettings['limits']>;
  /** Rules in place of those that metrics, window and alerts make; `window` then says only by which times logs are drawn. */
  readonly rules?: Rules;
}

/** Settings, and the plain words that their rules were made of. */
export interface TestSettings extends PipelineSettings {
  readonly window: PlainWindow;
  readonly alerts: readonly PlainAlert[];
}

const plain = {
  metrics: [
    { name: 'temperature', unit: '°C', min: -50, max: 150 },
    { name: 'humidity', unit: '%', min: 0, max: 100 },
    { name: 'battery', unit: '%', min: 0, max: 100 },
  ],
  window: { sizeMs: 10_000, allowedLatenessMs: 4_000, metrics: null },
  alerts: [
    { id: 'hot', metric: 'temperature', direction: 'above', raise: 40, clear: 38, severity: 'warning' },
    { id: 'dry', metric: 'humidity', direction: 'below', raise: 20, clear: 22, severity: 'critical' },
  ],
} as const;

const door: DoorSettings = {
  time: { maxAheadMs: 20_000, maxPastMs: 3_600_000 },
  dedupe: { windowMs: 14_000 },
  limits: { maxValueBytes: 65_536, maxDepth: 16 },
};

/**
 * Small settings for tests: temperature, humidity and battery; windows of 10 s with 4 s of lateness; an alert `hot` above 40 °C until
 * 38 °C and an alert `dry` below 20 % until 22 %. Say what differs.
 */
export const testSettings = (some: SomeSettings = {}): TestSettings => {
  const window = { ...plain.window, ...some.window };
  const alerts = some.alerts ?? plain.alerts;
  const rules = some.rules ?? plainRules({ metrics: some.metrics ?? plain.metrics, window, alerts });
  const settings = settingsUnder(rules, {
    time: { ...door.time, ...some.time },
    dedupe: { ...door.dedupe, ...some.dedupe },
    limits: { ...door.limits, ...some.limits },
  });
  return { ...settings, window, alerts };
};
