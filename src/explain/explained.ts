import type { Plan, Rules } from '../../streams/rules/rules.js';
import type { DoorSettings } from '../../streams/rules/settings.js';
import { formatDuration } from '../config/quantity.js';
import type { Decoded } from '../rules/decode.js';
import type { GroupDoc } from '../rules/document/devices.js';
import type { MatchDoc } from '../rules/document/match.js';
import { type Described, exampleOf, factsOf, groupsOf, matchWords } from './example.js';
import { type DeviceMemory, memoryOf } from './memory.js';
import {
  alertReads,
  alertWords,
  checkWords,
  deriveReads,
  deriveWords,
  detectWords,
  namesIn,
  slotNames,
  windowWords,
} from './words.js';

export const ruleKinds = ['check', 'derive', 'window', 'detect', 'alert'] as const;
export type RuleKind = (typeof ruleKinds)[number];

export interface ExplainedRule {
  readonly kind: RuleKind;
  readonly id: string;
  readonly does: string;
  /** Metrics; of alerts also windows, as `minute.temperature.p95`, and detections, as `odd(temperature)`. */
  readonly reads: readonly string[];
  /** Which devices; of a device's own plan nothing is said here. */
  readonly match: string;
}

export interface ExplainedGroup {
  readonly id: string;
  readonly match: string;
  readonly does: string;
}

export interface ExplainedDevice extends DeviceMemory {
  readonly name: string;
}

export interface Explained {
  readonly version: string;
  readonly metrics: readonly { readonly name: string; readonly unit: string; readonly isDerived: boolean }[];
  readonly groups: readonly ExplainedGroup[];
  readonly rules: readonly ExplainedRule[];
  readonly devices: readonly ExplainedDevice[];
  /** Groups of which no device was measured, as there are so many. */
  readonly unmeasured: number;
}

/** The rules as they stand, and what a device of each group remembers. */
export const explained = async (rules: Rules, decoded: Decoded, door: DoorSettings): Promise<Explained> => {
  const { sections } = decoded;
  return {
    version: rules.version,
    metrics: metricsOf(rules),
    groups: sections.devices.map(({ value }) => ({
      id: value.id,
      match: matchWords(value.match),
      does: groupWords(value),
    })),
    rules: rulesOf({ ...rules, checks: checksOf(rules, decoded) }, rules, (kind, id, index) =>
      matchWords(matchOf(decoded, kind, id, index)),
    ),
    devices: await measured(rules, sections.devices, door),
    unmeasured: Math.max(0, sections.devices.length - mostMeasured),
  };
};

/** Groups of which a device is measured: to fill one takes a while, and nobody reads ten thousand rows. */
const mostMeasured = 32;

/** A device of no group, and one of each of the first groups. Those whose rules are the same remember the same. */
const measured = async (
  rules: Rules,
  groups: Decoded['sections']['devices'],
  door: DoorSettings,
): Promise<readonly ExplainedDevice[]> => {
  const examples: readonly (readonly [string, Described])[] = [
    ['of no group', { id: 'example', fields: {} }],
    ...groups.slice(0, mostMeasured).flatMap(({ value }) => {
      const example = exampleOf(value.match, groups);
      return example === null ? [] : [[`of ${value.id}`, example] as const];
    }),
  ];
  const byPlan = new Map<Plan, DeviceMemory>();
  const devices: ExplainedDevice[] = [];
  for (const [name, example] of examples) {
    const plan = rules.planOf(factsOf(example));
    const memory = byPlan.get(plan) ?? (await memoryOf(rules, example, door));
    byPlan.set(plan, memory);
    devices.push({ name, ...memory });
  }
  return devices;
};

/** The rules as they are for one device. */
export const explainedDevice = async (
  rules: Rules,
  decoded: Decoded,
  device: Described,
  door: DoorSettings,
): Promise<Explained & { readonly plan: Pick<Plan, 'tags' | 'reportEveryMs'> }> => {
  const facts = factsOf(device);
  const plan = rules.planOf(facts);
  return {
    version: rules.version,
    metrics: metricsOf(rules),
    groups: groupsOf(facts, decoded.sections.devices).map((group) => ({
      id: group.id,
      match: matchWords(group.match),
      does: groupWords(group),
    })),
    rules: rulesOf(plan, rules, () => ''),
    devices: [{ name: device.id, ...(await memoryOf(rules, device, door)) }],
    unmeasured: 0,
    plan: { tags: plan.tags, reportEveryMs: plan.reportEveryMs },
  };
};

const metricsOf = ({ metrics }: Rules): Explained['metrics'] =>
  metrics.map(({ name, unit, isDerived }) => ({ name, unit, isDerived }));

type MatchWords = (kind: RuleKind, id: string, index: number) => string;

const rulesOf = (
  of: Pick<Plan, 'checks' | 'derive' | 'windows' | 'detect' | 'alerts'>,
  rules: Rules,
  match: MatchWords,
): readonly ExplainedRule[] => {
  const names = namesIn(rules);
  const row = (
    kind: RuleKind,
    { id, index }: { id: string; index: number },
    does: string,
    reads: readonly string[],
  ) => ({
    kind,
    id,
    does,
    reads,
    match: match(kind, id, index),
  });
  return [
    ...of.checks.map((rule) => row('check', rule, checkWords(rule), rule.claim.about)),
    ...of.derive.map((rule) => row('derive', rule, deriveWords(rule, names), deriveReads(rule, names))),
    ...of.windows.map((rule) => row('window', rule, windowWords(rule), slotNames(rule.metrics, names))),
    ...of.detect.map((rule) => row('detect', rule, detectWords(rule), slotNames([rule.metric], names))),
    ...of.alerts.map((rule) => row('alert', rule, alertWords(rule), alertReads(rule, names))),
  ];
};

/** Only plans hold checks: each is looked up in that of a device that it is for. */
const checksOf = (rules: Rules, { sections }: Decoded): Plan['checks'] =>
  sections.validate.flatMap(({ value: { id, match } }) => {
    const example = exampleOf(match, sections.devices);
    const found = example === null ? undefined : rules.planOf(factsOf(example)).checks.find((rule) => rule.id === id);
    return found === undefined ? [] : [found];
  });

const sectionOf = {
  check: 'validate',
  derive: 'derive',
  window: 'windows',
  detect: 'detect',
  alert: 'alerts',
} as const;

/** What a rule's entry says of devices. A derived metric is called by its metric. */
const matchOf = ({ sections }: Decoded, kind: RuleKind, id: string, index: number): MatchDoc | null => {
  const entries: readonly { readonly value: { readonly match: MatchDoc | null; readonly id?: string } }[] =
    sections[sectionOf[kind]];
  return (entries.find(({ value }) => value.id === id) ?? entries[index])?.value.match ?? null;
};

const groupWords = ({ tags, report_every: everyMs, calibrate, override }: GroupDoc): string =>
  [
    ...(tags ?? []).map((tag) => `tag ${tag}`),
    ...(everyMs === null ? [] : [`reports every ${formatDuration(everyMs)}`]),
    ...Object.keys(calibrate ?? {}).map((metric) => `calibrates ${metric}`),
    ...Object.entries(override ?? {}).map(([id, { off }]) => (off ? `${id} off` : `${id} at other levels`)),
  ].join(', ');
