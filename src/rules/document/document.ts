import { section } from '../../config/section.js';
import type { JsonSchema } from '../../config/leaf.js';
import { alert } from './alerts.js';
import { derived } from './derive.js';
import { detection } from './detect.js';
import { group } from './devices.js';
import { formVersion, metricName } from './forms.js';
import { may, must, Row, schemaOf, Table } from './member.js';
import { metric } from './metrics.js';
import { check } from './validate.js';
import { window } from './windows.js';

/** More than any fleet has use for; the bound keeps what a file can make the service do small. */
const mostRules = 20_000;

/** Sections of the file: the codec of one entry, and what the section is for. */
export const entries = {
  metrics: metric,
  devices: group,
  validate: check,
  derive: derived,
  windows: window,
  detect: detection,
  alerts: alert,
} as const;

export type SectionName = keyof typeof entries;

export const sectionNames = Object.keys(entries) as readonly SectionName[];

/** A file of rules as a whole. */
const document = section({
  version: must(formVersion, 'The form of this file: 1.'),
  metrics: may(new Table(metricName, metric), 'Measured metrics by name: units and physical ranges.'),
  devices: may(new Row(group, 0, mostRules), 'Groups of devices: tags, calibration, other levels.'),
  validate: may(new Row(check, 0, mostRules), 'Claims about records, and what becomes of those that break them.'),
  derive: may(new Row(derived, 0, mostRules), 'Metrics that are computed.'),
  windows: may(new Row(window, 0, mostRules), 'What readings are gathered in.'),
  detect: may(new Row(detection, 0, mostRules), 'Detectors of what is unusual.'),
  alerts: may(new Row(alert, 0, mostRules), 'What people are told, and when.'),
});

export const documentKeys: readonly string[] = Object.keys(document.keys);

export { mostRules };

/** JSON Schema of a file of rules (draft 2020-12), for editors. */
export const rulesSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Rules of weir',
  ...schemaOf(document),
});
