import {
  type CompiledLevel,
  type Condition,
  conditionOf,
  isThere,
  type Remark,
  type ValueRange,
} from '../conditions/condition.js';
import type { AlertDoc, LevelDoc } from '../document/alerts.js';
import type { Entry, Findings, Place } from '../findings.js';
import { compilingAt, type Scope } from './scope.js';

const ranks = ['info', 'warning', 'error', 'critical'] as const;

/** Of a rule with one level, and of a ladder; none when they are faulty. */
export const levelsOf = ({ value, place }: Entry<AlertDoc>, scope: Scope): readonly CompiledLevel[] => {
  if (value.levels === null) {
    const level = levelOf(value, place, [], scope);
    return level === null ? [] : [level];
  }
  const levels = value.levels.map((one, at) => levelOf(one, place, ['levels', String(at)], scope));
  for (const key of scope.kinds.conditions.flatMap(otherKeys))
    if (isThere(value, key)) scope.findings.fault(place, [key], 'says nothing here: each of levels has its own');
  checkLadder(value.levels, place, scope);
  return levels.every((level) => level !== null) ? levels : [];
};

/** Kinds of the conditions that a rule, or its ladder, consists of. */
export const conditionsIn = (value: AlertDoc, { kinds }: Scope): readonly Condition[] =>
  [value, ...(value.levels ?? [])].flatMap((doc) => conditionOf(doc, kinds.conditions) ?? []);

const otherKeys = ({ name, keys }: Condition): readonly string[] => Object.keys(keys).filter((key) => key !== name);

const levelOf = (
  doc: Pick<LevelDoc, 'severity'>,
  place: Place,
  path: readonly string[],
  scope: Scope,
): CompiledLevel | null => {
  const { findings, kinds } = scope;
  const compiling = compilingAt(scope, place, path);
  for (const kind of kinds.conditions)
    for (const key of isThere(doc, kind.name) ? [] : otherKeys(kind))
      if (isThere(doc, key)) compiling.fault([key], kind.stray ?? `says nothing without ${kind.name}`);
  const condition = conditionOf(doc, kinds.conditions);
  const made = condition?.compiled(doc, compiling) ?? null;
  if (condition === undefined || made === null) return null;
  tell(made.remarks, place, [...path, condition.name], findings);
  return { severity: doc.severity, ...made, condition };
};

/** Says what is strange about numbers that stand at a path. */
const tell = (remarks: readonly Remark[], place: Place, path: readonly string[], findings: Findings): void => {
  for (const { key, problem, details } of remarks) findings.warn(place, [...path, key], problem, details);
};

const checkLadder = (levels: readonly LevelDoc[], place: Place, { findings, kinds }: Scope): void => {
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
    const condition = conditionOf(level, kinds.conditions);
    if (condition !== conditionOf(milder, kinds.conditions))
      findings.fault(place, path, 'all levels of a ladder look in one direction, or all are expressions');
    else {
      const key = condition?.noLater(level, milder) ?? null;
      if (key !== null)
        findings.warn(place, [...path, ...key], `it is reached no later than ${milder.severity}, which is milder`);
    }
  }
};

/** Levels that values can't reach within their range. */
export const checkRange = (
  levels: readonly CompiledLevel[],
  range: ValueRange,
  place: Place,
  findings: Findings,
): void => {
  for (const [at, level] of levels.entries()) {
    const path = [...(levels.length > 1 ? ['levels', String(at)] : []), level.condition.name];
    tell(level.remarksWithin(range), place, path, findings);
  }
};

/** The same of levels that a group moved, all told where it says so. */
export const checkMoved = (
  levels: readonly CompiledLevel[],
  range: ValueRange | undefined,
  place: Place,
  path: readonly string[],
  findings: Findings,
): void => {
  for (const { severity, remarks } of levels)
    tell(remarks, place, levels.length === 1 ? path : [...path, 'levels', severity], findings);
  if (range === undefined) return;
  for (const level of levels) tell(level.remarksWithin(range), place, path, findings);
};
