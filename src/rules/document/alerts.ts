import type * as t from 'io-ts';
import { integer, word } from '../../config/leaf.js';
import { section } from '../../config/section.js';
import { severity } from './devices.js';
import {
  clockTime,
  expressionText,
  instant,
  labelName,
  labelText,
  messageText,
  metricName,
  mOfN,
  number,
  ruleId,
  span,
  spanOrNone,
  zone,
} from './forms.js';
import { matching } from './match.js';
import { Choice, Either2, may, mayElse, must, OneOrMany, Row, Table } from './member.js';

const thresholds = section({
  raise: must(number, 'Raised beyond it.'),
  clear: may(number, 'Cleared when it is reached again; the same as `raise` when it is not there.'),
});

const condition = {
  above: may(thresholds, 'Levels that are too high.'),
  below: may(thresholds, 'Levels that are too low.'),
  when: may(expressionText, 'An expression that raises.'),
  until: may(expressionText, 'An expression that clears; when it is not there, `when` no longer holding does.'),
};

const level = new Choice(
  { severity: must(severity, 'How bad it is.'), ...condition },
  { above: [], below: [], when: [] },
);

const source = new Choice(
  {
    window: may(ruleId, 'The id of a window.'),
    statistic: may(labelText, 'The statistic of the window.'),
    detector: may(ruleId, 'The id of a detection.'),
    metric: may(metricName, 'The metric; of a detection with one metric it goes without saying.'),
  },
  { window: ['metric', 'statistic'], detector: [] },
);

const on = new Either2(metricName, source, (u) => typeof u === 'string');

const weekday = word('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');

/** Times of the week by the clocks of a time zone; one that ends before it begins goes over midnight. */
const weekly = section({
  zone: must(zone, 'The time zone whose clocks count.'),
  days: may(new Row(weekday, 1, 7), 'Days on which it begins; every day when it is not there.'),
  from: mayElse(clockTime, 'When it begins.', 0),
  to: mayElse(clockTime, 'When it ends.', 1_440),
});

const once = section({
  from: must(instant, 'When it begins.'),
  to: must(instant, 'When it ends.'),
});

const isWeekly = (u: unknown): boolean => typeof u === 'object' && u !== null && ('zone' in u || 'days' in u);

/** What people are told, and when. */
export const alert = new Choice(
  {
    id: must(ruleId, 'Its name; it becomes a part of the ids of alerts.'),
    on: may(
      on,
      'What is looked at: a metric, the statistic of a window, or the score of a detection. Nothing for expressions over several metrics.',
    ),
    severity: mayElse(severity, 'How bad it is; `levels` say it themselves.', 'warning'),
    ...condition,
    levels: may(new Row(level, 1, 4), 'A ladder, the mildest first.'),
    for: mayElse(spanOrNone, 'So long a level must hold before it is raised.', 0),
    keep_for: mayElse(spanOrNone, 'So long its clearing must hold before it is cleared.', 0),
    m_of_n: may(mOfN, 'Raised when m of the last n decisions say so.'),
    schedule: may(new OneOrMany(weekly), 'When it may raise; always when it is not there.'),
    mute: may(
      new Row(new Either2(weekly, once, isWeekly), 1, 100),
      'When what it raises is kept from people; the episode is there, marked as muted.',
    ),
    message: may(messageText, 'What people read; names in braces stand for what is there.'),
    labels: may(new Table(labelName, labelText), 'What alerts are sorted by elsewhere.'),
    flood: may(
      section({
        by: must(word('building', 'floor', 'room', 'zone', 'type', 'all'), 'What groups devices.'),
        most: must(
          integer({ min: 1, max: 100_000 }),
          'So many alerts of a group in that time are told one by one; more become one summary.',
        ),
        per: must(span, 'In which time.'),
      }),
      'A guard against floods of alerts.',
    ),
    match: matching,
  },
  { above: ['on'], below: ['on'], when: [], levels: [] },
);

export type AlertDoc = t.TypeOf<typeof alert>;
export type LevelDoc = t.TypeOf<typeof level>;
export type WeeklyDoc = t.TypeOf<typeof weekly>;
export type MuteDoc = WeeklyDoc | t.TypeOf<typeof once>;
