import type { PipelineSettings } from '../../streams/model/settings.js';

/** Settings with only what matters to a test said; a section that is given may be given in part. */
export type SomeSettings = {
  readonly [K in keyof PipelineSettings]?: PipelineSettings[K] | SomeOf<PipelineSettings[K]>;
};
type SomeOf<A> = A extends readonly unknown[] ? A : Partial<A>;

const base: PipelineSettings = {
  metrics: [
    { name: 'temperature', unit: '°C', min: -50, max: 150 },
    { name: 'humidity', unit: '%', min: 0, max: 100 },
    { name: 'battery', unit: '%', min: 0, max: 100 },
  ],
  time: { maxAheadMs: 20_000, maxPastMs: 3_600_000 },
  window: { sizeMs: 10_000, allowedLatenessMs: 4_000, metrics: null },
  dedupe: { windowMs: 14_000 },
  alerts: [
    { id: 'hot', metric: 'temperature', direction: 'above', raise: 40, clear: 38, severity: 'warning' },
    { id: 'dry', metric: 'humidity', direction: 'below', raise: 20, clear: 22, severity: 'critical' },
  ],
  limits: { maxValueBytes: 65_536, maxDepth: 16 },
};

/**
 * Small settings for tests: temperature, humidity and battery; windows of 10 s with 4 s of lateness; an alert `hot` above 40 °C until
 * 38 °C and an alert `dry` below 20 % until 22 %. Say what differs.
 */
export const testSettings = (some: SomeSettings = {}): PipelineSettings => ({
  metrics: some.metrics ?? base.metrics,
  time: { ...base.time, ...some.time },
  window: { ...base.window, ...some.window },
  dedupe: { ...base.dedupe, ...some.dedupe },
  alerts: some.alerts ?? base.alerts,
  limits: { ...base.limits, ...some.limits },
});
