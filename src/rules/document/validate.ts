import type * as t from 'io-ts';
import { bool, word } from '../../config/leaf.js';
import { fieldNames } from '../fields.js';
import { expressionText, labelText, metricName, number, patternText, positive, range, ruleId } from './forms.js';
import { matching } from './match.js';
import { Choice, Either2, may, mayElse, must, Row } from './member.js';

const field = word(...fieldNames);

const textOrNumber = new Either2(labelText, number, (u) => typeof u === 'string');

/** A claim about a reading or a record, and what becomes of one that breaks it. */
export const check = new Choice(
  {
    id: must(ruleId, 'Its name, which what it rejects or flags will bear.'),
    metric: may(metricName, 'The metric that `range` and `max_step_per_second` speak of.'),
    field: may(field, 'The field of the device that `one_of` and `pattern` speak of.'),
    required: may(new Row(metricName, 1, 64), 'Metrics that each record must have.'),
    range: may(range, 'Lowest and highest value, both included.'),
    max_step_per_second: may(positive, 'The largest change per second since the reading before.'),
    one_of: may(new Row(textOrNumber, 1, 1_000), 'The values a field may have.'),
    pattern: may(patternText, 'A regular expression (RE2: linear time) that the whole field must match.'),
    expect: may(expressionText, 'An expression that must hold.'),
    then: must(
      word('reject', 'flag', 'clamp'),
      'What becomes of what breaks the claim: a dead letter, a flag that travels with it, or the nearest allowed value.',
    ),
    counted: mayElse(
      bool,
      'Whether a flagged reading still counts in windows, detectors, alerts and what is derived.',
      true,
    ),
    match: matching,
  },
  {
    required: [],
    range: ['metric'],
    max_step_per_second: ['metric'],
    one_of: ['field'],
    pattern: ['field'],
    expect: [],
  },
);

export type CheckDoc = t.TypeOf<typeof check>;
