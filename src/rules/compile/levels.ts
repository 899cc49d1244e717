import type { AlertLevel, Claim } from '../../../streams/rules/rules.js';
import type { AlertDoc, LevelDoc } from '../document/alerts.js';
import type { Entry, Findings, Place } from '../findings.js';
import type { Slot } from './metrics.js';
import { claim, type Scope } from './scope.js';

const ranks = ['info', 'warning', 'error', 'critical'] as const;

type Condition = Pick<LevelDoc, 'above' | 'below' | 'when' | 'until' | 'severity'>;

/** Of a rule with one level, and of a ladder; none when they are faulty. */
export const levelsOf = ({ value, place }: Entry<AlertDoc>, scope: Scope): readonly AlertLevel[] => {
  if (value.levels === null) {
    const level = levelOf(value, place, [], scope);
    return level === null ? [] : [level];
  }
  const levels = value.levels.map((one, at) => levelOf(one, place, ['levels', String(at)], scope));
  if (value.until !== null) scope.findings.fault(place, ['until'], 'says nothing here: each of levels has its own');
  checkLadder(value.levels, place, scope.findings);
  return levels.every((level) => level !== null) ? levels : [];
};

const levelOf = (
  { above, below, when, until, severity }: Condition,
  place: Place,
  below_: readonly string[],
  scope: Scope,
): AlertLevel | null => {
  const { findings } = scope;
  if (until !== null && when === null)
    findings.fault(place, [...below_, 'until'], 'says nothing without when: levels clear at clear');
  if (when !== null) {
    const raise = claim(scope, when, place, [...below_, 'when']);
    const clear = until === null ? null : claim(scope, until, place, [...below_, 'until']);
    if (raise === null || (until !== null && clear === null)) return null;
    const { evaluate } = raise;
    const expression = clear ?? { text: `!(${when})`, reads: raise.reads, evaluate: (r, f) => !evaluate(r, f) };
    return { severity, raise: { _tag: 'holds', expression: raise }, clear: { _tag: 'holds', expression } };
  }
  const [side, levels] = above === null ? (['below', below] as const) : (['above', above] as const);
  if (levels === null) return null;
  const { raise, clear } = { raise: levels.raise, clear: levels.clear ?? levels.raise };
  warnOfSide(side, raise, clear, place, [...below_, side], findings);
  return {
    severity,
    raise: { _tag: side, level: raise },
    clear: { _tag: side === 'above' ? 'at_most' : 'at_least', level: clear },
  };
};

export const warnOfSide = (
  side: 'above' | 'below',
  raise: number,
  clear: number,
  place: Place,
  path: readonly string[],
  findings: Findings,
): void => {
  const isWrong = side === 'above' ? clear > raise : clear < raise;
  if (!isWrong) return;
  findings.warn(
    place,
    [...path, 'clear'],
    `it clears at ${clear} and is raised ${side} ${raise}: values between them do both, one after the other`,
    { expected: `a level ${side === 'above' ? 'of at most' : 'of at least'} ${raise}`, found: clear },
  );
};

const checkLadder = (levels: readonly LevelDoc[], place: Place, findings: Findings): void => {
  for (const [at, level] of levels.entries()) {
    const milder = levels[at - 1];
    if (milder === undefined) continue;
    const path = ['levels', String(at)];
    if (ranks.indexOf(level.severity) <= ranks.indexOf(milder.severity))
      findings.fault(
        place,
        [...path, 'severity'],
        `it must be worse than ${milder.severity}, the one before: the mildest comes first`,
        {
          found: level.severity,
        },
      );
    const forms = ['above', 'below', 'when'] as const;
    if (forms.some((form) => (level[form] === null) !== (milder[form] === null)))
      findings.fault(place, path, 'all levels of a ladder look in one direction, or all are expressions');
    const isMilder =
      (level.above !== null && milder.above !== null && level.above.raise <= milder.above.raise) ||
      (level.below !== null && milder.below !== null && level.below.raise >= milder.below.raise);
    if (isMilder)
      findings.warn(
        place,
        [...path, level.above === null ? 'below' : 'above', 'raise'],
        `it is reached no later than ${milder.severity}, which is milder`,
      );
  }
};

/** Levels that a metric can't reach within its range. */
export const checkLevels = (
  levels: readonly AlertLevel[],
  slot: Pick<Slot, 'name' | 'min' | 'max'>,
  place: Place,
  findings: Findings,
  path?: readonly string[],
): void => {
  for (const [at, { raise, clear }] of levels.entries()) {
    if (raise._tag === 'holds' || clear._tag === 'holds') continue;
    const below = path ?? [...(levels.length > 1 ? ['levels', String(at)] : []), raise._tag];
    const limits = `values of ${slot.name} lie between ${slot.min} and ${slot.max}`;
    if (raise._tag === 'above' ? raise.level >= slot.max : raise.level <= slot.min)
      findings.warn(place, [...below, 'raise'], `never raised: ${limits}`, { found: raise.level });
    if (raise._tag === 'above' ? clear.level < slot.min : clear.level > slot.max)
      findings.warn(place, [...below, 'clear'], `never cleared: ${limits}`, { found: clear.level });
  }
};

/** A level with other numbers. */
export const moved = (claim: Claim, level: number | null): Claim =>
  claim._tag === 'holds' || level === null ? claim : { _tag: claim._tag, level };
