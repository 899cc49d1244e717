import type * as t from 'io-ts';
import { bool, word } from '../../config/leaf.js';
import { section } from '../../config/section.js';
import { metricName, number, positive, ruleId, span, spanOrNone, tag } from './forms.js';
import { matching } from './match.js';
import { may, mayElse, must, Row, Table } from './member.js';

export const severity = word('info', 'warning', 'error', 'critical');

const levelChange = section({
  raise: may(number, 'The level to raise at.'),
  clear: may(number, 'The level to clear at.'),
});

const change = section({
  raise: may(number, 'The level to raise at, of a rule with one level.'),
  clear: may(number, 'The level to clear at, of a rule with one level.'),
  levels: may(new Table(severity, levelChange), 'By severity, of a rule with a ladder of levels.'),
  for: may(spanOrNone, 'So long a level must hold before it is raised.'),
  off: mayElse(bool, 'The rule is not for these devices.', false),
});

const calibration = section({
  scale: mayElse(positive, 'What a reading is multiplied with, first.', 1),
  offset: mayElse(number, 'What is then added, in the canonical unit.', 0),
});

/** A group of devices. A device may be in several; of what they contradict each other in, the last one counts. */
export const group = section({
  id: must(ruleId, 'Its name.'),
  match: matching,
  tags: may(new Row(tag, 1, 64), 'What these devices can be matched by further down.'),
  report_every: may(
    span,
    'How often such a device should report: the detector `silence` goes by it in place of the interval it learns.',
  ),
  calibrate: may(
    new Table(metricName, calibration),
    'Corrections by metric: value · scale + offset, after conversion to the canonical unit.',
  ),
  override: may(new Table(ruleId, change), 'Other levels by id of an alert rule.'),
});

export type GroupDoc = t.TypeOf<typeof group>;
export type ChangeDoc = t.TypeOf<typeof change>;
