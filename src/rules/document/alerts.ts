import type * as t from 'io-ts';
import { integer, word } from '../../config/leaf.js';
import { section } from '../../config/section.js';
import type { Condition } from '../conditions/condition.js';
import { severity } from './devices.js';
import {
  clockTime,
  instant,
  labelName,
  labelText,
  messageText,
  metricName,
  mOfN,
  ruleId,
  span,
  spanOrNone,
  zone,
} from './forms.js';
import { matching } from './match.js';
import { Choice, Either2, may, mayElse, must, OneOrMany, Row, Table } from './member.js';

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

/** Keys and forms of the kinds of conditions. */
const keysIn = (conditions: readonly Condition[]): t.Props =>
  Object.assign({}, ...conditions.map(({ keys }) => keys)) as t.Props;

const formsIn = <N extends string>(conditions: readonly Condition[], needs: (condition: Condition) => readonly N[]) =>
  Object.fromEntries(conditions.map((condition) => [condition.name, needs(condition)]));

/** A level of a ladder. What it needs beside its condition, the whole ladder has. */
const levelOf = (conditions: readonly Condition[]) =>
  new Choice(
    { severity: must(severity, 'How bad it is.'), ...keysIn(conditions) },
    formsIn<never>(conditions, () => []),
  );

/** What people are told, and when. */
export const alertOf = (conditions: readonly Condition[]) =>
  new Choice(
    {
      id: must(ruleId, 'Its name; it becomes a part of the ids of alerts.'),
      on: may(
        on,
        'What is looked at: a metric, the statistic of a window, or the score of a detection. Nothing for expressions over several metrics.',
      ),
      severity: mayElse(severity, 'How bad it is; `levels` say it themselves.', 'warning'),
      ...keysIn(conditions),
      levels: may(new Row(levelOf(conditions), 1, 4), 'A ladder, the mildest first.'),
      for: mayElse(spanOrNone, 'So long a level must hold before it is raised.', 0),
      keep_for: mayElse(spanOrNone, 'So long its clearing must hold before it is cleared.', 0),
      m_of_n: may(mOfN, 'Raised when m of the last n decisions say so.'),
      schedule: may(new OneOrMany(weekly), 'When it may raise; always when it is not there.'),
      mute: may(
        new OneOrMany(new Either2(weekly, once, isWeekly)),
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
    { ...formsIn(conditions, ({ whyNoOn }) => (whyNoOn === null ? ['on'] : [])), levels: [] },
  );

export type AlertDoc = t.TypeOf<ReturnType<typeof alertOf>>;
export type LevelDoc = t.TypeOf<ReturnType<typeof levelOf>>;
export type WeeklyDoc = t.TypeOf<typeof weekly>;
export type MuteDoc = WeeklyDoc | t.TypeOf<typeof once>;
