import { detectors } from '../../streams/detectors/registry.js';
import type { Alert } from '../../streams/model/alert.js';
import type { Finding } from '../../streams/model/finding.js';
import type { ToldWindow } from '../../streams/model/window.js';
import type { Found, Held } from './found.js';
import type { Span } from './spans.js';
import { mostSpans } from './spans.js';
import type { SpanDifference } from './span-difference.js';

export type Rows = readonly (readonly string[])[];

/** A heading, and a table under it; no rows for the heading alone. */
export interface Part {
  readonly heading: string;
  readonly rows: Rows;
}

/** What a replay came to, for people. */
export const partsOf = (found: Found): readonly Part[] => [
  { heading: summaryOf(found), rows: [] },
  ...rejectedPart(found),
  ...letThroughPart(found),
  partOf('alerts', found.alerts, alertHead, alertRow),
  partOf('findings', found.findings, findingHead, findingRow),
  partOf('windows', found.windows, windowHead, windowRow),
];

const summaryOf = ({ tally, devices, fromMs, toMs }: Found): string => {
  const { read, counted, duplicate, late, dead, skipped } = tally;
  const others = Object.entries({ late, dead, duplicate, skipped }).flatMap(([name, count]) =>
    count === 0 ? [] : [`${count} ${name}`],
  );
  const span = counted === 0 ? '' : `; event times ${timeOf(fromMs)} to ${timeOf(toMs)}`;
  return `${read} records: ${[`${counted} counted`, ...others].join(', ')}; ${devices} devices${span}`;
};

const rejectedPart = ({ rejected }: Found): readonly Part[] => {
  const reasons = rejected.reasons();
  if (reasons.length === 0) return [];
  const rows = reasons.map(({ reason, rule, count, message, offset }) => [
    String(count),
    rule === null ? reason : `${reason} (${rule})`,
    `${message} (offset ${offset})`,
  ]);
  return [{ heading: 'dead letters', rows: [['COUNT', 'REASON', 'THE FIRST OF THEM'], ...rows] }];
};

const letThroughPart = ({ letThrough }: Found): readonly Part[] => {
  const rules = letThrough.rules();
  if (rules.length === 0) return [];
  const rows = rules.map(({ what, rule, count, offset }) => [String(count), what, rule, `offset ${offset}`]);
  return [{ heading: 'counted all the same', rows: [['COUNT', 'WHAT', 'RULE', 'THE FIRST OF THEM'], ...rows] }];
};

const partOf = <A extends { readonly rule: string }>(
  what: string,
  held: Held<A>,
  head: readonly string[],
  row: (item: A) => readonly string[],
): Part => {
  const { items, count, byRule } = held;
  if (count === 0) return { heading: `${what}: none`, rows: [] };
  const rules = Object.entries(byRule)
    .map(([rule, of]) => `${rule} ${of}`)
    .join(', ');
  const shown = items.length < count ? `, the first ${items.length} shown (--limit)` : '';
  return { heading: `${what}: ${count} (${rules})${shown}`, rows: items.length === 0 ? [] : [head, ...items.map(row)] };
};

const alertHead = ['RAISED', 'CLEARED', 'SEVERITY', 'STATE', 'RULE', 'DEVICE', 'MESSAGE'];
const alertRow = ({ raisedAtMs, clearedAtMs, severity, state, rule, device, message }: Alert): readonly string[] => [
  timeOf(raisedAtMs),
  clearedAtMs === null ? '-' : timeOf(clearedAtMs),
  severity,
  state,
  rule,
  device === '' ? '-' : device,
  message,
];

const findingHead = ['AT', 'SCORE', 'RULE', 'DEVICE', 'METRIC', 'VALUE', 'EXPECTED'];
const findingRow = ({ atMs, score, rule, detector, device, metric, value, low, high }: Finding): readonly string[] => [
  timeOf(atMs),
  score.toFixed(2),
  rule,
  device,
  metric,
  value === null ? '-' : short(value),
  low === null || high === null ? '-' : bandText(detector, low, high),
];

const bandText = (detector: string, low: number, high: number): string =>
  detectors.find(({ name }) => name === detector)?.band === 'time'
    ? `by ${timeOf(high)}`
    : `${short(low)} to ${short(high)}`;

const windowHead = ['FROM', 'TO', 'RULE', 'DEVICE', 'METRIC', 'COUNT', 'MEAN', 'MIN', 'MAX', 'MORE'];
const windowRow = (window: ToldWindow): readonly string[] => [
  timeOf(window.startMs),
  timeOf(window.endMs),
  window.rule,
  window.device,
  window.metric,
  String(window.count),
  short(window.mean),
  short(window.min),
  short(window.max),
  Object.entries(window.more)
    .map(([name, value]) => `${name} ${value === null ? '-' : short(value)}`)
    .join(' '),
];

const timeOf = (ms: number): string => new Date(ms).toISOString();
const short = (value: number): string => String(Number(value.toPrecision(6)));

/** What other rules would have told, for people; at most `limit` lines of each kind. */
export const differenceParts = (difference: SpanDifference, left: number, limit: number): readonly Part[] => {
  const { same, changed, more, fewer } = difference;
  const counted = `${more.length} more, ${fewer.length} fewer, ${changed.length} changed, ${same} the same`;
  const bound = left === 0 ? '' : `; ${left} episodes beyond the first ${mostSpans} were not compared`;
  return [
    { heading: `difference in alerts: ${counted}${bound}`, rows: byRule(difference) },
    ...spanPart('more', more, limit),
    ...spanPart('fewer', fewer, limit),
    ...part('changed', changed, limit, ['RULE', 'DEVICE', 'SEVERITY', 'RAISED', 'CLEARED'], ({ before, now }) => [
      now.rule,
      now.device,
      arrow(before.severity, now.severity),
      arrow(timeOf(before.raisedAtMs), timeOf(now.raisedAtMs)),
      arrow(endOf(before), endOf(now)),
    ]),
  ];
};

const byRule = ({ changed, more, fewer }: SpanDifference): Rows => {
  const rules = new Map<string, { more: number; fewer: number; changed: number; devices: Set<string> }>();
  const of = ({ rule, device }: Span) => {
    const known = rules.get(rule) ?? { more: 0, fewer: 0, changed: 0, devices: new Set<string>() };
    rules.set(rule, known);
    known.devices.add(device);
    return known;
  };
  for (const span of more) of(span).more += 1;
  for (const span of fewer) of(span).fewer += 1;
  for (const { now } of changed) of(now).changed += 1;
  if (rules.size === 0) return [];
  const rows = [...rules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, counts]) => [
      rule,
      `+${counts.more}`,
      `-${counts.fewer}`,
      String(counts.changed),
      devicesIn([...counts.devices].sort()),
    ]);
  return [['RULE', 'MORE', 'FEWER', 'CHANGED', 'DEVICES'], ...rows];
};

const mostNamed = 6;
const devicesIn = (devices: readonly string[]): string =>
  devices.length <= mostNamed
    ? devices.join(', ')
    : `${devices.slice(0, mostNamed).join(', ')} and ${devices.length - mostNamed} others`;

const spanPart = (what: string, spans: readonly Span[], limit: number): readonly Part[] =>
  part(what, spans, limit, ['RULE', 'DEVICE', 'SEVERITY', 'RAISED', 'CLEARED'], (span) => [
    span.rule,
    span.device,
    span.severity,
    timeOf(span.raisedAtMs),
    endOf(span),
  ]);

const part = <A>(
  what: string,
  items: readonly A[],
  limit: number,
  head: readonly string[],
  row: (item: A) => readonly string[],
): readonly Part[] => {
  if (items.length === 0) return [];
  const shown = items.length > limit ? `, the first ${limit} shown (--limit)` : '';
  return [{ heading: `${what}: ${items.length}${shown}`, rows: [head, ...items.slice(0, limit).map(row)] }];
};

const endOf = ({ clearedAtMs }: Span): string => (clearedAtMs === null ? 'goes on' : timeOf(clearedAtMs));
const arrow = (before: string, now: string): string => (before === now ? now : `${before} -> ${now}`);
