import * as t from 'io-ts';
import { section } from '../../config/section.js';
import { labelText, metricName, ruleId, score } from './forms.js';
import { matching } from './match.js';
import { may, mayElse, must, Row, Table } from './member.js';

/** Which settings there are, the detector knows. */
const settingName = labelText;

/** A detector of what is unusual, for each device and metric by itself. */
export const detection = section({
  id: must(ruleId, 'Its name.'),
  metrics: must(new Row(metricName, 1, 64), 'Metrics that are watched, each by itself.'),
  detector: must(labelText, 'The name of the detector.'),
  settings: may(new Table(settingName, t.unknown as t.Type<unknown, unknown>), 'Its settings; each has its standard.'),
  threshold: mayElse(
    score,
    'A score from here on is a finding; 0.5 is the limit that the detector has by its own settings.',
    0.5,
  ),
  match: matching,
});

export type DetectionDoc = t.TypeOf<typeof detection>;
