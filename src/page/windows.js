/** Window rules that gather a metric; the one to begin with comes first: the shortest that follow one another. */
export const windowRulesOf = (windows, metric) =>
  windows.filter(({ metrics }) => metrics.includes(metric)).sort((a, b) => weight(a) - weight(b));

const weight = ({ span: { lengthMs, overlap } }) => (lengthMs === null ? 2e12 : lengthMs + (overlap > 1 ? 1e12 : 0));

/** "minute: each 1m", "hour: 1h every 5m" */
export const windowRuleText = ({ id, span }) => `${id}: ${span.text}`;
