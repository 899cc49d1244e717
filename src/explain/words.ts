import type { AlertRule, CheckRule, DeriveRule, DetectRule, Rules, WindowRule } from '../../streams/rules/rules.js';
import { statisticNames } from '../../streams/statistics/registry.js';
import { formatDuration } from '../config/quantity.js';
import { onOneLine } from '../rules/cel/expression.js';

type Names = readonly string[];

/** What rules do, in the words of their file. `names` are those of the metrics, by slot. */
export const checkWords = ({ claim, then, isCounted }: CheckRule): string =>
  `${claim.text}, else ${then === 'flag' && !isCounted ? 'flag, not counted' : then}`;

export const deriveWords = ({ formula }: DeriveRule, names: Names): string => {
  switch (formula._tag) {
    case 'value':
      return onOneLine(formula.expression.text);
    case 'deadband': {
      const atMost = formula.atMostMs === null ? '' : `, or once in ${formatDuration(formula.atMostMs)}`;
      return `${nameOf(formula.of, names)} when it differs by more than ${formula.by}${atMost}`;
    }
    case 'delta':
      return `difference of ${nameOf(formula.of, names)}`;
    case 'rate':
      return `change of ${nameOf(formula.of, names)} per ${formatDuration(formula.perMs)}`;
    case 'smooth':
      return `${nameOf(formula.of, names)}, smoothed with a half-life of ${formatDuration(formula.halfLifeMs)}`;
  }
};

export const deriveReads = ({ formula }: DeriveRule, names: Names): Names =>
  slotNames(formula._tag === 'value' ? formula.expression.reads : [formula.of], names);

export const windowWords = ({ span, allowedLatenessMs, statistics }: WindowRule): string => {
  const more = statistics.flatMap((statistic) => {
    const given = statistic.asked ?? statisticNames.filter((name) => statistic.gives(name));
    return given.length === 0 ? [statistic.name] : given;
  });
  const corrected = span.kind.isOfTime ? `, corrected for ${formatDuration(allowedLatenessMs)}` : '';
  return `${span.kind.wordsOf(span.settings, formatDuration)}${corrected}${more.length === 0 ? '' : `, with ${more.join(', ')}`}`;
};

export const detectWords = ({ detector, threshold }: DetectRule): string =>
  `${detector.name}, a finding from ${threshold}`;

export const alertWords = (rule: AlertRule): string => {
  const { levels, forMs, keepForMs, mOfN, flood } = rule;
  return [
    ...levels.map(
      ({ severity, raise, clear }) => `${severity} ${onOneLine(raise.text)}, clear ${onOneLine(clear.text)}`,
    ),
    ...(mOfN === null ? [] : [`${mOfN.m} of ${mOfN.n}`]),
    ...(forMs === 0 ? [] : [`for ${formatDuration(forMs)}`]),
    ...(keepForMs === 0 ? [] : [`keep for ${formatDuration(keepForMs)}`]),
    ...(flood === null ? [] : [`at most ${flood.most} of a group in ${formatDuration(flood.perMs)}`]),
  ].join('; ');
};

/** Metrics, or what else an alert hangs on: `minute.temperature.p95`, `odd(temperature)`. */
export const alertReads = ({ input }: AlertRule, names: Names): Names => {
  switch (input._tag) {
    case 'reading':
      return slotNames([input.metric], names);
    case 'window':
      return [`${input.rule}.${nameOf(input.metric, names)}.${input.statistic}`];
    case 'detector':
      return [`${input.rule}(${nameOf(input.metric, names)})`];
    case 'device':
      return slotNames(input.metrics, names);
  }
};

export const namesIn = ({ metrics }: Rules): Names => metrics.map(({ name }) => name);

export const slotNames = (slots: readonly number[], names: Names): Names => slots.map((slot) => nameOf(slot, names));

const nameOf = (slot: number, names: Names): string => names[slot] ?? '';
