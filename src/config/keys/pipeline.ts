import type { Config } from '../config.js';
import { duration, integer, optional, size, text } from '../leaf.js';
import { key, section } from '../section.js';
import { anyText, topic } from './text-forms.js';

const day = 86_400_000;

export const metricName = text(
  'the name of a metric: a letter, then letters, digits or underscores',
  /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
);

/** A rule's id is a part of alert ids, where `@` divides. */
export const ruleId = text('1 to 64 letters, digits, dots, underscores or dashes', /^[\p{L}\p{N}._-]{1,64}$/u);

export const rulesKeys = section({
  path: key(optional(text('a file or a folder', /^[^\0]+$/)), null, {
    description:
      'The rules: a file, or a folder of `*.rules.yaml` (docs/rules.md), relative to the working directory. Looked at again when it changes, at SIGHUP and at `POST /ops/reload`.',
    unset: 'the built-in rules',
  }),
});

export const alertKeys = section({
  topic: key(optional(topic), null, {
    description:
      'Kafka topic for every transition of an alert (key: its id), made when it is missing. At least once: a repeated one has the same id and version.',
    unset: 'none',
  }),
  webhook: section({
    url: key(optional(text('an http or https URL', /^https?:\/\/[^\s]+$/)), null, {
      description:
        "Receives alerts as Alertmanager's webhook does (format version 4), retried for some minutes, never holding up the stream.",
      unset: 'none',
      isSecret: true,
    }),
    authorization: key(optional(anyText), null, {
      description: 'Sent along as the header `authorization`, e.g. `Bearer …`.',
      unset: 'none',
      isSecret: true,
    }),
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

export const dedupeKeys = ({ pipeline }: Config) =>
  section({
    window: key(
      duration({ min: 0, max: 7 * day }),
      pipeline.dedupe.windowMs,
      'How far behind the newest message of its device, in event time, a message id is remembered. As long as a window stays open, or longer.',
    ),
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
