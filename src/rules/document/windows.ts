import type * as t from 'io-ts';
import { integer, word } from '../../config/leaf.js';
import { section } from '../../config/section.js';
import { metricName, ruleId, span, spanOrNone, labelText, windowSize } from './forms.js';
import { matching } from './match.js';
import { Choice, Either2, may, must, Row } from './member.js';

const someMetrics = new Either2(new Row(metricName, 1, 256), word('all'), (u) => Array.isArray(u));

/** What readings are gathered in. Windows of a size begin at multiples of it since 1970, in event time. */
export const window = new Choice(
  {
    id: must(ruleId, 'Its name.'),
    metrics: must(someMetrics, 'Metrics that are gathered, each by itself; `all` for every measured one.'),
    tumbling: may(windowSize, 'One window after the other, of this size.'),
    hopping: may(
      section({
        size: must(windowSize, 'How long each is.'),
        every: must(windowSize, 'How often one begins; the size is a multiple of it.'),
      }),
      'Windows that overlap.',
    ),
    session: may(section({ gap: must(span, 'So long without a reading ends it.') }), 'A window per burst of readings.'),
    count: may(integer({ min: 2, max: 1_000_000 }), 'A window per so many readings.'),
    allowed_lateness: may(
      spanOrNone,
      'So long after its end a window is still corrected; what comes later is a late dead letter.',
    ),
    statistics: may(
      new Row(labelText, 1, 32),
      'Beyond count, sum, min, max, mean, variance, first and last, which every window has.',
    ),
    match: matching,
  },
  {
    tumbling: ['allowed_lateness'],
    hopping: ['allowed_lateness'],
    session: ['allowed_lateness'],
    count: [],
  },
);

export type WindowDoc = t.TypeOf<typeof window>;
