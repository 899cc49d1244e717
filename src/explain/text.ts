import { formatDuration } from '../config/quantity.js';
import type { DoorSettings } from '../../streams/rules/settings.js';
import { type Explained, ruleKinds } from './explained.js';

/** A heading with a table under it. */
export interface Section {
  readonly heading: string;
  readonly rows: readonly (readonly string[])[];
}

/** The pipeline as it will run, and what the rules do in it. */
export const sectionsOf = (explained: Explained, door: DoorSettings): readonly Section[] => {
  const { version, metrics, groups, rules, devices, unmeasured } = explained;
  return [
    { heading: `rules ${version}`, rows: [] },
    {
      heading: 'pipeline, of each partition by itself',
      rows: [['STEP', 'DOES', 'REMEMBERS', 'BY'], ...stepsOf(explained, door)],
    },
    { heading: 'metrics', rows: metrics.map(({ name, unit, isDerived }) => [name, unit, isDerived ? 'computed' : '']) },
    ...(groups.length === 0
      ? []
      : [
          {
            heading: 'groups of devices',
            rows: [['ID', 'MATCH', 'GIVES'], ...groups.map(({ id, match, does }) => [id, match, does])],
          },
        ]),
    ...ruleKinds.flatMap((kind) => {
      const own = rules.filter((rule) => rule.kind === kind);
      // Of one device all rules are for it, and that need not be said.
      const isMatched = own.some(({ match }) => match !== '');
      const cells = (id: string, match: string, reads: string, does: string): readonly string[] =>
        isMatched ? [id, match, reads, does] : [id, reads, does];
      const rows = own.map(({ id, match, reads, does }) => cells(id, match, reads.join(', '), does));
      return own.length === 0
        ? []
        : [{ heading: plurals[kind], rows: [cells('ID', 'MATCH', 'READS', 'DOES'), ...rows] }];
    }),
    {
      heading: 'memory of a device in the store, bytes of JSON, measured by filling one',
      rows: [
        ['DEVICE', 'BYTES', 'ALL ALERTS OPEN', 'WITHOUT THEM'],
        ...devices.map(({ name, bytes, withAlertsOpen, parts }) => [
          name,
          String(bytes),
          String(withAlertsOpen),
          bytes === 0 ? 'nothing: these rules turn away the records made up to measure it' : partWords(parts),
        ]),
        ...(unmeasured === 0
          ? []
          : [[counted(unmeasured, 'more group'), '', '', 'not measured: ask for one device with --device']]),
      ],
    },
  ];
};

const counted = (count: number, what: string): string => (count === 1 ? `1 ${what}` : `${count} ${what}s`);

const plurals = {
  check: 'checks',
  derive: 'computed metrics',
  window: 'windows',
  detect: 'detections',
  alert: 'alerts',
} as const;

const partWords = (parts: Readonly<Record<string, number>>): string =>
  Object.entries(parts)
    .map(([name, bytes]) => `${name} ${bytes}`)
    .join(', ');

const stepsOf = ({ rules }: Explained, { time, dedupe }: DoorSettings): readonly (readonly string[])[] => {
  const count = (kind: (typeof ruleKinds)[number]): string => {
    const of = rules.filter((rule) => rule.kind === kind).length;
    return counted(of, 'rule');
  };
  const latest = 'the newest reading of each metric';
  return [
    ['parse', 'three formats to readings', '', ''],
    [
      'validate',
      `physical ranges, units, times (at most ${formatDuration(time.maxAheadMs)} ahead, ${formatDuration(time.maxPastMs)} back)`,
      '',
      '',
    ],
    ['transform', 'canonical units', '', ''],
    ['check', count('check'), latest, 'device'],
    ['dedupe', 'message ids seen before', `ids of ${formatDuration(dedupe.windowMs)}`, 'device'],
    ['watermark', 'turns away what is late', 'its clock; log time', 'device; partition'],
    ['derive', count('derive'), 'counters, means, what was let through last', 'device'],
    ['latest', 'what pages and expressions read', latest, 'device'],
    ['window', count('window'), 'open windows', 'device, rule, metric'],
    ['detect', count('detect'), 'what the detector does', 'device, rule, metric'],
    ['alert', count('alert'), 'open episodes; floods', 'device, rule; partition'],
    ['tally', 'counts what became of records', 'six numbers', 'partition'],
  ];
};
