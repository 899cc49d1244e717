import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { duration, integer, type JsonSchema, word } from '../config/leaf.js';
import { section } from '../config/section.js';
import { parseYaml, type YamlFile } from '../config/yaml-file.js';
import { faultOf } from './decode.js';
import { fieldNames } from './fields.js';
import { severity } from './document/devices.js';
import { formVersion, instant, labelText, metricName, number, ruleId, span, unitName } from './document/forms.js';
import { Either2, may, mayElse, must, OneOrMany, Row, schemaOf, Table } from './document/member.js';
import type { RuleFault } from './findings.js';

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

const expectation = section({
  alerts: may(
    new Row(transition, 0, 10_000),
    'Every transition to active or cleared, in order; an empty list: none. Not looked at when it is not there.',
  ),
  windows: may(new Row(windowResult, 0, 10_000), 'Windows that must be there; others may be, too.'),
  rejected: may(integer({ min: 0, max: 1_000_000 }), 'How many records become dead letters.'),
});

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

/** A `*.test.yaml`. */
const caseFile = section({
  version: must(formVersion, 'The form of this file: 1.'),
  rules: may(labelText, 'The file of rules, seen from this one; that of the same name when it is not there.'),
  cases: must(new Row(testCase, 1, 10_000), 'The cases.'),
});

export type CaseFile = t.TypeOf<typeof caseFile>;
export type TestCase = t.TypeOf<typeof testCase>;

export interface DecodedCases extends CaseFile {
  /** Where things stand, for what only shows when the rules are there. */
  readonly file: YamlFile;
}

/** JSON Schema of a file of cases (draft 2020-12), for editors. */
export const casesSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Cases for rules of weir',
  ...schemaOf(caseFile),
});

/** Reads a file of cases. Times of which only the distance from the start is given stay so; `timeIn` resolves them. */
export const decodeCases = (name: string, text: string): Either<readonly RuleFault[], DecodedCases> => {
  const yaml = parseYaml(name, text);
  if (isLeft(yaml)) return left(yaml.left.map((fault) => ({ ...fault, rule: null })));
  const decoded = caseFile.decode(yaml.right.tree);
  if (decoded._tag === 'Right') return right({ ...decoded.right, file: yaml.right });
  return left(decoded.left.map((error) => faultOf(error, { file: yaml.right, path: [], rule: null })));
};

/** Durations are counted from the start of the case; what is longer than a year is a time of the calendar. */
export const timeIn = ({ start }: Pick<TestCase, 'start'>, at: number): number =>
  at > 366 * 86_400_000 ? at : start + at;
