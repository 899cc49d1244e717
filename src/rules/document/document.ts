import { section } from '../../config/section.js';
import type { JsonSchema } from '../../config/leaf.js';
import { type Kinds, registered } from '../kinds.js';
import { alertOf } from './alerts.js';
import { derived } from './derive.js';
import { detection } from './detect.js';
import { group } from './devices.js';
import { formVersion, metricName } from './forms.js';
import { may, must, Row, schemaOf, Table } from './member.js';
import { metric } from './metrics.js';
import { checkOf } from './validate.js';
import { window } from './windows.js';

/** More than any fleet has use for; the bound keeps what a file can make the service do small. */
const mostRules = 20_000;

/** Sections of the file: the codec of one entry of each. */
export const entriesOf = ({ conditions, claims }: Kinds) => ({
  metrics: metric,
  devices: group,
  validate: checkOf(claims),
  derive: derived,
  windows: window,
  detect: detection,
  alerts: alertOf(conditions),
});

export type Entries = ReturnType<typeof entriesOf>;
export type SectionName = keyof Entries;

/** A file of rules as a whole. */
const documentOf = ({ metrics, devices, validate, derive, windows, detect, alerts }: Entries) =>
  section({
    version: must(formVersion, 'The form of this file: 1.'),
    metrics: may(new Table(metricName, metrics), 'Measured metrics by name: units and physical ranges.'),
    devices: may(new Row(devices, 0, mostRules), 'Groups of devices: tags, calibration, other levels.'),
    validate: may(new Row(validate, 0, mostRules), 'Claims about records, and what becomes of those that break them.'),
    derive: may(new Row(derive, 0, mostRules), 'Metrics that are computed.'),
    windows: may(new Row(windows, 0, mostRules), 'What readings are gathered in.'),
    detect: may(new Row(detect, 0, mostRules), 'Detectors of what is unusual.'),
    alerts: may(new Row(alerts, 0, mostRules), 'What people are told, and when.'),
  });

const entries = entriesOf(registered);

export const sectionNames = Object.keys(entries) as readonly SectionName[];
export const documentKeys: readonly string[] = Object.keys(documentOf(entries).keys);

export { mostRules };

/** JSON Schema of a file of rules (draft 2020-12), for editors. */
export const rulesSchema = (kinds: Kinds = registered): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Rules of weir',
  ...schemaOf(documentOf(entriesOf(kinds))),
});
