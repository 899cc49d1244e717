import type * as t from 'io-ts';
import { integer, word } from '../../config/leaf.js';
import { section } from '../../config/section.js';
import { range, unitName, unitText } from './forms.js';
import { may, mayElse, must, Row } from './member.js';

export const decimals = may(
  integer({ min: 0, max: 10 }),
  'Digits behind the point in messages; as many as there are when it is not there.',
);

/** A measured metric; its name is its key. */
export const metric = section({
  unit: mayElse(unitText, 'The canonical unit: what comes in another one is converted. Empty for none.', ''),
  range: must(
    range,
    'Physical limits in the canonical unit, both included. What lies outside is a broken sensor: a dead letter (`out_of_range`).',
  ),
  decimals,
  accepts: may(
    new Row(unitName, 1, 64),
    'Other units that are accepted; every unit of the same dimension when it is not there.',
  ),
  missing_unit: mayElse(
    word('assume', 'reject'),
    'What becomes of a reading without a unit: taken as canonical, or a dead letter.',
    'assume',
  ),
  unknown_unit: mayElse(
    word('assume', 'reject'),
    'What becomes of a reading in a unit that is not accepted.',
    'reject',
  ),
});

export type MetricDoc = t.TypeOf<typeof metric>;
