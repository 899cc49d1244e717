import { pipe } from 'rxjs';
import { describe } from 'vitest';
import { alert } from '../streams/operators/alert.js';
import { detect } from '../streams/operators/detect.js';
import { latest } from '../streams/operators/latest.js';
import { window } from '../streams/operators/window.js';
import { devicePipeline } from '../streams/pipeline.js';
import { obeysStreamLaws, ownPlace, rawRecords } from './kit/index.js';
import { ruled } from './reference/rules.js';

const windows = `
windows:
  - { id: ten, metrics: all, tumbling: 10s, allowed_lateness: 4s, statistics: [p95, slope] }
  - { id: hops, metrics: [temperature, humidity], hopping: { size: 10s, every: 2s }, allowed_lateness: 4s }
  - { id: run, metrics: [temperature, battery], session: { gap: 4s }, allowed_lateness: 4s, statistics: [slope] }
  - { id: three, metrics: [temperature, humidity], count: 3, statistics: [median], match: { type: sensor } }
`;
const alerts = `
alerts:
  - id: ladder
    on: temperature
    levels:
      - { severity: warning, above: { raise: 40, clear: 38 } }
      - { severity: critical, above: { raise: 75, clear: 70 } }
    for: 1s
    keep_for: 3s
  - { id: often, on: humidity, below: { raise: 20, clear: 22 }, m_of_n: [2, 3], flood: { by: all, most: 2, per: 10s } }
  - { id: mean, on: { window: hops, metric: temperature, statistic: mean }, above: { raise: 20, clear: 10 } }
  - { id: run-long, on: { window: run, metric: battery, statistic: count }, above: { raise: 2 }, flood: { by: type, most: 1, per: 20s } }
  - { id: three-low, on: { window: three, metric: humidity, statistic: median }, below: { raise: 50 }, match: { type: sensor } }
  - { id: odd-now, on: { detector: odd }, above: { raise: 0.6, clear: 0.3 } }
  - { id: gone, on: { detector: quiet }, above: { raise: 0.5, clear: 0.4 }, match: { type: motor } }
  - { id: both, when: 'temperature > 40 && humidity < 30', until: 'temperature < 38 || humidity > 30' }
  - { id: ratio, when: 'humidity / battery > 1.0' }
detect:
  - { id: odd, metrics: [temperature], detector: ewma, threshold: 0.6, settings: { warmUp: 2 } }
  - { id: quiet, metrics: [temperature], detector: silence, settings: { warmUp: 2 } }
`;
const everything = `
validate:
  - { id: step, metric: temperature, max_step_per_second: 20, then: flag, counted: false }
  - { id: damp, metric: humidity, range: [10, 90], then: clamp }
  - { id: low, metric: battery, max_step_per_second: 10, then: clamp, match: { type: sensor } }
  - { id: pair, expect: 'temperature < 100 || humidity < 60', then: flag, counted: false }
  - { id: need, required: [humidity], then: reject, match: { type: motor } }
  - { id: odd-pair, expect: 'temperature / battery < 10', then: reject }
derive:
  - { metric: used, delta: { of: battery, rollover: 100 } }
  - { metric: felt, value: 'temperature + humidity / 10.0' }
  - { metric: smoothed, smooth: { of: felt, half_life: 5s } }
${windows}${alerts}`;

const afterWindow: typeof ownPlace = (settings, state) =>
  pipe(ownPlace(settings, state), latest(settings.metrics, state), window(settings, state), detect(settings, state));

describe('window, with windows of every kind', () => {
  obeysStreamLaws(window, { settings: { rules: ruled(windows) } });
});

describe('alert, with every kind of rule', () => {
  obeysStreamLaws(alert, { after: afterWindow, settings: { rules: ruled(windows + alerts) } });
});

describe('the whole pipeline, with every kind of rule', () => {
  obeysStreamLaws((settings, state) => devicePipeline(settings, state), {
    after: rawRecords,
    settings: { rules: ruled(everything) },
  });
});
