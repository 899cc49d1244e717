import { detectors } from '../../streams/detectors/registry.js';

/** Rules by name of the case: YAML of the sections beside the metrics, or the whole of it; `null`: the rules that come with weir. */
export type RuleCases = ReadonlyMap<string, string | null>;

const minute = (more = '', metrics = '[temperature]'): string =>
  `windows:\n  - { id: w, metrics: ${metrics}, tumbling: 1m, allowed_lateness: 30s${more} }\n`;
const windows = (span: string): string => `windows:\n  - { id: w, metrics: [temperature], ${span} }\n`;
const check = (claim: string): string => `validate:\n  - { id: c, ${claim}, then: flag }\n`;
const derive = (formula: string): string => `derive:\n  - { metric: d, ${formula} }\n`;
const alert = (condition: string): string => `alerts:\n  - { id: a, ${condition} }\n`;

const threeMetrics = `version: 1
metrics:
  temperature: { unit: °C, range: [-50, 150] }
  humidity: { unit: '%', range: [0, 100] }
  pressure: { unit: hPa, range: [300, 1200] }
`;
const goal = `${threeMetrics}windows:
  - { id: minute, metrics: [temperature, humidity, pressure], tumbling: 1m, allowed_lateness: 30s }
  - { id: quarter, metrics: [temperature], tumbling: 15m, allowed_lateness: 1m }
alerts:
  - { id: hot, on: temperature, above: { raise: 40, clear: 38 } }
  - { id: cold, on: temperature, below: { raise: 5, clear: 6 } }
  - { id: damp, on: humidity, above: { raise: 80, clear: 78 }, for: 30s }
  - { id: low, on: { window: minute, metric: pressure, statistic: mean }, below: { raise: 900, clear: 905 } }
`;

/** `parsing` is the floor: records to readings, and nothing else. `no rules` is the whole pipeline with metrics alone. */
export const ruleCases: RuleCases = new Map<string, string | null>([
  ['parsing', ''],
  ['no rules', ''],
  ['starter pack', null],
  ['3 metrics, 2 windows, 4 alerts', goal],
  ['window tumbling 1m', minute()],
  ['window tumbling 1m, 3 metrics', minute('', '[temperature, humidity, pressure]')],
  ['window hopping 5m every 1m', windows('hopping: { size: 5m, every: 1m }, allowed_lateness: 30s')],
  ['window session gap 12s', windows('session: { gap: 12s }, allowed_lateness: 30s')],
  ['window count 100', windows('count: 100')],
  ...['median', 'slope', 'time_weighted_mean'].map(
    (name) => [`statistic ${name}, in tumbling 1m`, minute(`, statistics: [${name}]`)] as const,
  ),
  [
    'derive CEL, statistic time_in_state of it, in tumbling 1m',
    `${derive("value: 'floor(temperature / 2)'")}${minute(', statistics: [time_in_state]', '[d]')}`,
  ],
  ...detectors.map(
    ({ name }) => [`detector ${name}`, `detect:\n  - { id: x, metrics: [temperature], detector: ${name} }\n`] as const,
  ),
  ['check range', check('metric: temperature, range: [-40, 80]')],
  ['check step', check('metric: temperature, max_step_per_second: 5')],
  ['check CEL', check("expect: 'temperature < 60 || humidity < 20'")],
  ['derive CEL', derive("value: '(temperature - 32) / 1.8 + humidity * 0.1'")],
  ['derive smooth', derive('smooth: { of: temperature, half_life: 1m }')],
  ['derive rate', derive('rate: { of: pressure }')],
  ['derive deadband', derive('deadband: { of: temperature, by: 0.5 }')],
  ['alert threshold', alert('on: temperature, above: { raise: 40, clear: 38 }')],
  ['alert threshold, for 30s', alert('on: temperature, above: { raise: 24, clear: 23 }, for: 30s')],
  ['alert 3 of 5', alert('on: temperature, above: { raise: 24, clear: 23 }, m_of_n: [3, 5]')],
  [
    'alert ladder of 3',
    alert(
      'on: temperature, levels: [{ severity: info, above: { raise: 24 } }, { severity: warning, above: { raise: 26 } }, { severity: critical, above: { raise: 28 } }]',
    ),
  ],
  ['alert CEL', alert("when: 'temperature > 30 && humidity > 70'")],
]);

/** What the flat format carries. */
export const metricsText = `${threeMetrics}  battery: { unit: '%', range: [0, 100] }\n`;
