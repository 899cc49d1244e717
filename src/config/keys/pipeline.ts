import type { AlertRule, MetricSetting } from '../../../streams/model/settings.js';
import type { Config } from '../config.js';
import { duration, finite, integer, type Leaf, listOf, optional, size, text, word } from '../leaf.js';
import { key, section } from '../section.js';
import { tableFromText, texts } from './text-forms.js';

const day = 86_400_000;

export const metricName = text(
  'the name of a metric: a letter, then letters, digits or underscores',
  /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
);

/** A rule's id is a part of alert ids, where `@` divides. */
export const ruleId = text('1 to 64 letters, digits, dots, underscores or dashes', /^[\p{L}\p{N}._-]{1,64}$/u);

const metric = section({
  name: metricName,
  unit: text('a unit, such as "°C"', /^.{0,16}$/u),
  min: finite,
  max: finite,
});

const alert = section({
  id: ruleId,
  metric: metricName,
  direction: word('above', 'below'),
  raise: finite,
  clear: finite,
  severity: word('info', 'warning', 'error', 'critical'),
});

const metrics: Leaf<readonly MetricSetting[]> = listOf('a list of metrics, each with name, unit, min and max', metric, {
  atLeast: 1,
  keyOf: ({ name }) => name,
  fromText: tableFromText,
});

const alerts: Leaf<readonly AlertRule[]> = listOf(
  'a list of rules, each with id, metric, direction, raise, clear and severity',
  alert,
  { atLeast: 0, keyOf: ({ id }) => id, fromText: tableFromText },
);

export const windowKeys = ({ pipeline }: Config) =>
  section({
    size: key(
      duration({ min: 100, max: 7 * day }),
      pipeline.window.sizeMs,
      'Length of a window, in event time; windows begin at multiples of it since 1970.',
    ),
    allowed_lateness: key(
      duration({ min: 0, max: 7 * day }),
      pipeline.window.allowedLatenessMs,
      'So long after its end a window can still be corrected; what comes later is a late dead letter.',
    ),
    metrics: key(optional(texts('a list of metrics', metricName)), pipeline.window.metrics, {
      description: 'Metrics that are aggregated.',
      unset: 'all',
    }),
  });

export const timeKeys = ({ pipeline }: Config) =>
  section({
    max_ahead: key(
      duration({ min: 0, max: 365 * day }),
      pipeline.time.maxAheadMs,
      'An event further ahead of its record is a dead letter (`ts_future`).',
    ),
    max_past: key(
      duration({ min: 0, max: 36_500 * day }),
      pipeline.time.maxPastMs,
      'An event further behind its record is a dead letter (`ts_past`).',
    ),
  });

export const dedupeKeys = section({
  window: key(optional(duration({ min: 0, max: 7 * day })), null, {
    description: 'How far behind the newest message of its device, in event time, a message id is remembered.',
    unset: '`window.size` + `window.allowed_lateness`',
  }),
});

export const metricsKey = ({ pipeline }: Config) =>
  key(
    metrics,
    pipeline.metrics,
    'The metrics there are; the list replaces the built-in one. Values outside min to max are dead letters (`out_of_range`).',
  );

export const alertsKey = key(optional(alerts), null, {
  description:
    '`above` raises beyond `raise` and clears at or under `clear`; `below` is its mirror. The list replaces the built-in one.',
  unset: 'the built-in rules of the metrics there are',
});

export const limitKeys = ({ pipeline }: Config) =>
  section({
    max_value: key(
      size({ min: 16, max: 67_108_864 }),
      pipeline.limits.maxValueBytes,
      'A larger record is a dead letter (`too_large`).',
    ),
    max_depth: key(
      integer({ min: 1, max: 256 }),
      pipeline.limits.maxDepth,
      'JSON nested deeper is a dead letter (`too_deep`).',
    ),
  });
