import { isLeft } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { showOrigin } from '../config/faults.js';
import { duration, integer, type JsonSchema, word } from '../config/leaf.js';
import { Section, section } from '../config/section.js';
import { noFile, parseYaml, type YamlFile } from '../config/yaml-file.js';
import { faultOf } from './decode.js';
import { fieldNames } from './fields.js';
import { severity } from './document/devices.js';
import { formVersion, instant, labelText, metricName, number, ruleId, span, unitName } from './document/forms.js';
import { Either2, may, mayElse, must, OneOrMany, Row, schemaOf, Table } from './document/member.js';
import { Findings, type RuleFault } from './findings.js';

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (u: unknown): u is Mapping => typeof u === 'object' && u !== null && !Array.isArray(u);

/** A time of a case: after its start, or of the calendar. */
const sinceStart = duration({ min: 0, max: 366 * 86_400_000 });
const time = new Either2(sinceStart, instant, (u) => typeof u !== 'string' || !/^\d{4}-/.test(u));

const textOrNumber = new Either2(labelText, number, (u) => typeof u === 'string');

const repeated = section({
  every: must(span, 'How far they are apart.'),
  until: must(time, 'The last is not later.'),
});

const record = section({
  device: must(labelText, 'Whose reading it is.'),
  at: must(time, 'Its event time, which is its log time, too, unless that is given.'),
  logged_at: may(
    time,
    'When it was written to the log, for those that come late. Records are read in the order in which they stand here.',
  ),
  values: must(
    new Table(metricName, new OneOrMany(number)),
    'Readings by metric; of a list, each repetition takes the next one, and begins again at its end.',
  ),
  units: may(new Table(metricName, unitName), 'Units of readings, where they are not the canonical ones.'),
  repeat: may(repeated, 'The same record again and again.'),
});

const transition = section({
  at: must(time, 'Event time of what caused it.'),
  rule: must(ruleId, 'Id of the alert rule.'),
  device: must(labelText, 'On which device.'),
  state: must(
    word('active', 'cleared'),
    'What it became. A step up or down a ladder is `active` again, with another severity.',
  ),
  severity: may(severity, 'How bad it is then.'),
});

const windowResult = section({
  window: must(ruleId, 'Id of the window.'),
  device: must(labelText, 'Of which device.'),
  metric: must(metricName, 'Of which metric.'),
  from: must(time, 'Its start.'),
  results: must(
    new Table(labelText, number),
    'Statistics by name, as they are in the end; those not named are not looked at.',
  ),
  within: mayElse(number, 'How far off they may be.', 1e-9),
});

/** A case without any of these passes whatever the rules do. An empty list of windows asks for none. */
const faultOfExpectation = ({ alerts, windows, rejected }: Mapping): string | null => {
  const isAsked = alerts !== undefined || rejected !== undefined || (Array.isArray(windows) && windows.length > 0);
  return isAsked
    ? null
    : 'nothing is expected, so this passes whatever the rules do: name alerts, windows or rejected; `alerts: []` says that there are none';
};

const expectationKeys = {
  alerts: may(
    new Row(transition, 0, 10_000),
    'Every transition to active or cleared, in order; an empty list: none. Not looked at when it is not there.',
  ),
  windows: may(new Row(windowResult, 0, 10_000), 'Windows that must be there; others may be, too.'),
  rejected: may(integer({ min: 0, max: 1_000_000 }), 'How many records become dead letters.'),
};
const expectation = new Section(expectationKeys, faultOfExpectation);

/** Records in, alerts and windows out. */
const testCase = section({
  name: must(labelText, 'What it shows, as a sentence.'),
  start: mayElse(
    instant,
    'What durations are counted from: a Monday morning when it is not there.',
    Date.UTC(2026, 0, 5, 8),
  ),
  devices: may(
    new Table(labelText, new Table(word(...fieldNames), textOrNumber)),
    'Profiles by id of the device: type, building, floor, …; a device that is not here has none.',
  ),
  records: must(new Row(record, 1, 10_000), 'What comes in.'),
  expect: must(expectation, 'What must come out.'),
});

const mostCases = 10_000;

/** A `*.test.yaml`. */
const caseFile = section({
  version: must(formVersion, 'The form of this file: 1.'),
  rules: may(labelText, 'The file of rules, seen from this one; that of the same name when it is not there.'),
  cases: must(new Row(testCase, 1, mostCases), 'The cases.'),
});

export type TestCase = t.TypeOf<typeof testCase>;

export interface PlacedCase extends TestCase {
  /** `['cases', '3']` */
  readonly path: readonly string[];
}

/** A file of cases: all that is wrong with its form, and beside it what is right, which is held to the rules all the same. */
export interface DecodedCases {
  readonly faults: readonly RuleFault[];
  /** Where things stand, for what only shows when the rules are there. */
  readonly file: YamlFile;
  readonly rules: string | null;
  /** Those without faults of their own; none when it can't be said which rules they are for. */
  readonly cases: readonly PlacedCase[];
}

/** JSON Schema of a file of cases (draft 2020-12), for editors. */
export const casesSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Cases for rules of weir',
  ...schemaOf(caseFile),
});

/** Reads a file of cases. Times of which only the distance from the start is given stay so; `timeIn` resolves them. */
export const decodeCases = (name: string, text: string): DecodedCases => {
  const yaml = parseYaml(name, text);
  if (isLeft(yaml))
    return { faults: yaml.left.map((fault) => ({ ...fault, rule: null })), file: noFile, rules: null, cases: [] };
  const file = yaml.right;
  const findings = new Findings();
  const decoded = caseFile.decode(file.tree);
  if (isLeft(decoded)) for (const error of decoded.left) findings.add(faultOf(error, { file, path: [], rule: null }));
  const { rules, cases = [] } = isMapping(file.tree) ? file.tree : {};
  const rows: readonly unknown[] = Array.isArray(cases) ? cases.slice(0, mostCases) : [];
  nameOnce(rows, file, findings);
  const named = caseFile.keys.rules.decode(rules);
  if (isLeft(named)) return { faults: findings.faults, file, rules: null, cases: [] };
  return { faults: findings.faults, file, rules: named.right, cases: rows.flatMap(soundCase) };
};

const soundCase = (raw: unknown, index: number): readonly PlacedCase[] => {
  const decoded = testCase.decode(raw);
  return isLeft(decoded) ? [] : [{ ...decoded.right, path: ['cases', String(index)] }];
};

/** Names are all that is told of cases that pass. */
const nameOnce = (rows: readonly unknown[], file: YamlFile, findings: Findings): void => {
  const taken = new Map<string, readonly string[]>();
  for (const [index, raw] of rows.entries()) {
    const name = isMapping(raw) ? raw['name'] : undefined;
    if (typeof name !== 'string') continue;
    const path = ['cases', String(index), 'name'];
    const before = taken.get(name);
    if (before === undefined) taken.set(name, path);
    else {
      const where = showOrigin(file.locate(before, 'key'));
      findings.fault({ file, path, rule: null }, [], `a case of this name is there already, at ${where}`);
    }
  }
};

/** Durations are counted from the start of the case; what is longer than a year is a time of the calendar. */
export const timeIn = ({ start }: Pick<TestCase, 'start'>, at: number): number =>
  at > 366 * 86_400_000 ? at : start + at;
