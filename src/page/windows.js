import { duration } from './format.js';

/** Rules of windows that gather a metric; the one to begin with comes first: the shortest that follow one another. */
export const windowRulesOf = (windows, metric) =>
  windows.filter(({ metrics }) => metrics.includes(metric)).sort((a, b) => weight(a) - weight(b));

const weight = ({ span }) => {
  switch (span._tag) {
    case 'tumbling':
      return span.sizeMs;
    case 'hopping':
      return 1e12 + span.sizeMs;
    case 'session':
      return 2e12 + span.gapMs;
    default:
      return 3e12;
  }
};

/** "minute: 1 min", "hour: 60 min every 5 min" */
export const windowRuleText = ({ id, span }) => `${id}: ${spanText(span)}`;

const spanText = (span) => {
  switch (span._tag) {
    case 'tumbling':
      return duration(span.sizeMs);
    case 'hopping':
      return `${duration(span.sizeMs)} every ${duration(span.everyMs)}`;
    case 'session':
      return `until ${duration(span.gapMs)} without a reading`;
    default:
      return `${span.size} readings`;
  }
};
