import type {
  AlertRule,
  CheckRule,
  Claim,
  DeriveRule,
  DetectRule,
  Rules,
  WindowRule,
} from '../../streams/rules/rules.js';
import { statisticNames } from '../../streams/statistics/registry.js';
import { formatDuration } from '../config/quantity.js';

type Names = readonly string[];

/** What rules do, in the words of their file. `names` are those of the metrics, by slot. */
export const checkWords = ({ claim, then, isCounted }: CheckRule, names: Names): string => {
  const otherwise = then === 'flag' && !isCounted ? 'flag, not counted' : then;
  return `${claimWords(claim, names)}, else ${otherwise}`;
};

const claimWords = (claim: CheckRule['claim'], names: Names): string => {
  switch (claim._tag) {
    case 'required':
      return `${listed(claim.metrics, names)} must be there`;
    case 'range':
      return `${nameOf(claim.metric, names)} from ${claim.min} to ${claim.max}`;
    case 'step':
      return `${nameOf(claim.metric, names)} changes by at most ${claim.perSecond} a second`;
    case 'one_of':
      return `${claim.name} is one of ${[...claim.values].join(', ')}`;
    case 'pattern':
      return `${claim.name} matches a pattern`;
    case 'holds':
      return oneLine(claim.expression.text);
  }
};

export const checkReads = ({ claim }: CheckRule, names: Names): Names => {
  switch (claim._tag) {
    case 'required':
      return slotNames(claim.metrics, names);
    case 'range':
    case 'step':
      return slotNames([claim.metric], names);
    case 'one_of':
    case 'pattern':
      return [`device.${claim.name}`];
    case 'holds':
      return slotNames(claim.expression.reads, names);
  }
};

export const deriveWords = ({ formula }: DeriveRule, names: Names): string => {
  switch (formula._tag) {
    case 'value':
      return oneLine(formula.expression.text);
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
    const given = statisticNames.filter((name) => statistic.gives(name));
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
    ...levels.map(({ severity, raise, clear }) => `${severity} ${levelWords(raise)}, clear ${levelWords(clear)}`),
    ...(mOfN === null ? [] : [`${mOfN.m} of ${mOfN.n}`]),
    ...(forMs === 0 ? [] : [`for ${formatDuration(forMs)}`]),
    ...(keepForMs === 0 ? [] : [`keep for ${formatDuration(keepForMs)}`]),
    ...(flood === null ? [] : [`at most ${flood.most} of a group in ${formatDuration(flood.perMs)}`]),
  ].join('; ');
};

const signs = { above: '>', below: '<', at_most: '<=', at_least: '>=' } as const;

const levelWords = (claim: Claim): string =>
  claim._tag === 'holds' ? oneLine(claim.expression.text) : `${signs[claim._tag]} ${claim.level}`;

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
const listed = (slots: readonly number[], names: Names): string => slotNames(slots, names).join(', ');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
