import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { showOrigin, showPath, showValue } from '../config/faults.js';
import { pathOf } from '../config/judge.js';
import { saidByMessage } from '../config/leaf.js';
import { closest } from '../config/nearest.js';
import { unknownKey } from '../config/section.js';
import { parseYaml, type YamlFile } from '../config/yaml-file.js';
import {
  documentKeys,
  type Entries,
  entriesOf,
  mostRules,
  type SectionName,
  sectionNames,
} from './document/document.js';
import { formVersion, metricName } from './document/forms.js';
import { keysOf } from './document/member.js';
import type { Entry, Findings, Place, RuleFault } from './findings.js';
import { type Kinds, registered } from './kinds.js';
import type { RuleText } from './texts.js';

/** Files of rules, decoded entry by entry and put together. */
export interface Decoded {
  readonly sections: { readonly [S in SectionName]: readonly Entry<t.TypeOf<Entries[S]>>[] };
  /** Names of entries that are faulty by themselves: what refers to them is no fault of its own. */
  readonly broken: { readonly [S in SectionName]: ReadonlySet<string> };
  /** Metrics that such entries name, and where: whether there are any is asked all the same. */
  readonly named: readonly NamedMetric[];
}

export interface NamedMetric {
  readonly name: string;
  readonly place: Place;
  readonly below: readonly string[];
}

/** An entry of no matter which section. */
type AnyEntry = Entry<never>;

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (u: unknown): u is Mapping => typeof u === 'object' && u !== null && !Array.isArray(u);

export const decodeTexts = (texts: readonly RuleText[], findings: Findings, kinds: Kinds = registered): Decoded => {
  const entries = entriesOf(kinds);
  const sections = Object.fromEntries(sectionNames.map((name) => [name, [] as AnyEntry[]]));
  const broken = Object.fromEntries(sectionNames.map((name) => [name, new Set<string>()]));
  const named: NamedMetric[] = [];
  const taken = new Map<string, Place>();
  for (const { name: file, text } of texts) {
    const yaml = parseYaml(file, text);
    if (isLeft(yaml)) for (const fault of yaml.left) findings.add({ ...fault, rule: null });
    else decodeFile(yaml.right, { entries, sections, broken, named, taken, findings });
  }
  return { sections, broken, named } as unknown as Decoded;
};

interface Into {
  readonly entries: Entries;
  readonly sections: Readonly<Record<string, AnyEntry[]>>;
  readonly broken: Readonly<Record<string, Set<string>>>;
  readonly named: NamedMetric[];
  /** Where names that are given already were given, by what is called so and the name. */
  readonly taken: Map<string, Place>;
  readonly findings: Findings;
}

/** What the entries of a section are, and where in them their name stands. */
const called: Readonly<Record<SectionName, readonly [kind: string, at: readonly string[]]>> = {
  metrics: ['metric', []],
  derive: ['metric', ['metric']],
  devices: ['group', ['id']],
  validate: ['check', ['id']],
  windows: ['window', ['id']],
  detect: ['detection', ['id']],
  alerts: ['alert', ['id']],
};

/** Whatever else is wrong with the entry, or with the one that has its name already. */
const take = (section: SectionName, place: Place, { taken, findings }: Into): void => {
  if (place.rule === null) return;
  const [kind, at] = called[section];
  const key = `${kind} ${place.rule}`;
  const before = taken.get(key);
  if (before === undefined) taken.set(key, place);
  else findings.fault(place, at, `${key} is there already, at ${showOrigin(before.file.locate(before.path, 'key'))}`);
};

const decodeFile = (file: YamlFile, into: Into): void => {
  const { findings } = into;
  const whole: Place = { file, path: [], rule: null };
  if (!isMapping(file.tree)) {
    findings.fault(whole, [], file.tree === null ? 'the file is empty' : 'this is no file of rules', {
      expected: `a mapping with version: 1 and some of ${documentKeys.slice(1).join(', ')}`,
    });
    return;
  }
  for (const key of Object.keys(file.tree))
    if (!documentKeys.includes(key))
      findings.fault(whole, [key], 'there is no such section', { found: key, among: documentKeys, isKey: true });
  const version = formVersion.validate(file.tree['version'], [{ key: 'version', type: formVersion }]);
  if (isLeft(version)) for (const error of version.left) findings.add(faultOf(error, whole));
  for (const name of sectionNames) decodeSection(name, file, file.tree[name], into);
};

const decodeSection = (name: SectionName, file: YamlFile, raw: unknown, into: Into): void => {
  if (raw === undefined || raw === null) return;
  const place: Place = { file, path: [name], rule: null };
  const isTable = name === 'metrics';
  if (isTable ? !isMapping(raw) : !Array.isArray(raw)) {
    const expected = isTable ? 'a mapping from names of metrics to what they are' : 'a list, even of one';
    into.findings.fault(place, [], '', { expected, found: raw });
    return;
  }
  const rows = Object.entries(raw);
  if (rows.length > mostRules) {
    into.findings.fault(place, [], `there are ${rows.length} entries, and may be at most ${mostRules}`);
    return;
  }
  for (const [key, value] of rows)
    decodeEntry(name, { file, path: [name, key], rule: nameOf(name, key, value) }, value, into);
};

const decodeEntry = (section: SectionName, place: Place, raw: unknown, into: Into): void => {
  take(section, place, into);
  const codec: t.Mixed = into.entries[section];
  const context = place.path.map((key) => ({ key, type: codec, actual: raw }));
  const decoded = isMapping(raw)
    ? codec.validate(raw, context)
    : t.failure(
        raw,
        [...context, { key: '', type: new t.NullType(), actual: raw }],
        'an entry is a mapping of keys to values',
      );
  const named =
    section === 'metrics' ? metricName.validate(place.rule, [{ key: place.rule ?? '', type: metricName }]) : null;
  if (named?._tag === 'Left') {
    into.findings.fault(place, [], 'this is no name for a metric', {
      expected: metricName.name,
      found: place.rule,
      isKey: true,
    });
    return;
  }
  if (decoded._tag === 'Right') {
    into.sections[section]?.push({ value: decoded.right as never, place });
    return;
  }
  for (const error of decoded.left) into.findings.add(faultOf(error, place));
  // Everything at once: what is right of the entry is held to the rest of the rules all the same.
  const rest = isMapping(raw) ? withoutFaulty(raw, decoded.left, place) : null;
  const again = rest === null ? null : codec.validate(rest, context);
  if (again?._tag === 'Right') {
    into.sections[section]?.push({ value: again.right as never, place });
    return;
  }
  if (place.rule !== null) into.broken[section]?.add(place.rule);
  if (isMapping(raw)) into.named.push(...metricsNamedIn(section, raw, decoded.left, place));
};

/** By the keys that name metrics in every section, as far as these are not faulty themselves. */
const metricsNamedIn = (section: SectionName, raw: Mapping, errors: t.Errors, place: Place): readonly NamedMetric[] => {
  const faulty = new Set(errors.map((error) => pathOf(error)[place.path.length] ?? ''));
  const keys = section === 'derive' || section === 'metrics' ? [] : ['on', 'metric', 'metrics', 'required'];
  return keys.flatMap((key) => {
    const value = raw[key];
    if (faulty.has(key)) return [];
    if (typeof value === 'string' && value !== 'all') return [{ name: value, place, below: [key] }];
    const all: readonly unknown[] = Array.isArray(value) ? value : [];
    return all.flatMap((name, at) => (typeof name === 'string' ? [{ name, place, below: [key, String(at)] }] : []));
  });
};

/** Keys that an entry means the same without, as far as others are concerned. Without any other its rest would only be faulty in new ways. */
const accessory = new Set(['severity', 'for', 'keep_for', 'm_of_n', 'schedule', 'mute', 'message', 'labels', 'flood', 'match', 'threshold', 'counted', 'decimals', 'tags', 'report_every', 'calibrate']); // prettier-ignore

/** The entry without its faulty keys; null when one of them matters. */
const withoutFaulty = (raw: Mapping, errors: t.Errors, { path }: Place): Mapping | null => {
  const faulty = new Set(errors.map((error) => pathOf(error)[path.length] ?? ''));
  const isStranger = (key: string): boolean =>
    errors.every((error) => pathOf(error)[path.length] !== key || error.context.at(-1)?.type === unknownKey);
  for (const key of faulty) if (!accessory.has(key) && !(key in raw && isStranger(key))) return null;
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !faulty.has(key)));
};

/** What the entry is called, even if it is faulty otherwise. */
const nameOf = (section: SectionName, key: string, raw: unknown): string | null => {
  const [, [at]] = called[section];
  if (at === undefined) return key;
  const name = isMapping(raw) ? raw[at] : undefined;
  return typeof name === 'string' ? name : null;
};

/** What a codec found, as people read it. */
export const faultOf = (error: t.ValidationError, { file, rule }: Place): RuleFault => {
  const path = pathOf(error);
  const last = error.context.at(-1);
  const isStranger = last?.type === unknownKey;
  const isSaid = isStranger || last?.type === saidByMessage;
  const siblings = Object.keys(keysOf(error.context.at(-2)?.type) ?? {});
  const isAbsent = error.value === undefined;
  return {
    origin: file.locate(path, isStranger ? 'key' : 'value'),
    key: showPath(path.join('.')),
    problem:
      error.message ??
      (isStranger ? `there is no such key here; there are ${siblings.join(', ')}` : isAbsent ? 'it is missing' : ''),
    expected: isSaid ? null : (last?.type.name ?? null),
    found: isSaid || isAbsent ? null : showValue(error.value),
    nearest: nearestOf(isStranger ? last.key : error.value, isStranger ? siblings : choicesOf(last?.type)),
    rule,
  };
};

const nearestOf = (written: unknown, among: readonly string[]): string | null =>
  typeof written === 'string' ? closest(written, among) : null;

/** Words that a value may be. */
const choicesOf = (type: unknown): readonly string[] => {
  const codec = type as
    { readonly codec?: unknown; readonly schema?: Mapping; readonly choices?: readonly string[] } | undefined;
  if (codec?.choices !== undefined) return codec.choices;
  const words = codec?.schema?.['enum'];
  if (Array.isArray(words)) return words.filter((word) => typeof word === 'string');
  return codec?.codec === undefined ? [] : choicesOf(codec.codec);
};
