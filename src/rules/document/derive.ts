import type * as t from 'io-ts';
import { section } from '../../config/section.js';
import { expressionText, metricName, number, positive, range, span, unitText } from './forms.js';
import { matching } from './match.js';
import { Choice, may, mayElse, must } from './member.js';
import { decimals } from './metrics.js';

const of = must(metricName, 'The metric that it is computed from.');
const rollover = may(positive, 'The value at which the counter begins at 0 again; without it any fall is a reset.');

/** A metric that is computed. */
export const derived = new Choice(
  {
    metric: must(metricName, 'Its name.'),
    unit: may(unitText, 'Its unit; for `delta`, `smooth` and `deadband` that of what they are made from.'),
    range: may(range, 'Where its values should lie, for warnings and charts; they are not checked against it.'),
    decimals,
    value: may(expressionText, "An expression over the device's metrics."),
    delta: may(section({ of, rollover }), 'The difference of a counter from its reading before.'),
    rate: may(section({ of, rollover, per: mayElse(span, 'Per which time.', 1_000) }), 'The same per time.'),
    smooth: may(
      section({ of, half_life: must(span, 'The time in which the weight of a reading halves.') }),
      'The exponentially weighted mean.',
    ),
    deadband: may(
      section({
        of,
        by: must(number, 'A reading that differs by more from the last one let through is let through.'),
        at_most: may(span, 'So is one after this time.'),
      }),
      'Report by exception.',
    ),
    match: matching,
  },
  { value: [], delta: [], rate: [], smooth: [], deadband: [] },
);

export type DerivedDoc = t.TypeOf<typeof derived>;
