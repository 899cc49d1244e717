import {
  type CompiledLevel,
  type Condition,
  conditionOf,
  isThere,
  type Remark,
  type ValueRange,
} from '../conditions/condition.js';
import type { AlertDoc, LevelDoc } from '../document/alerts.js';
import { type Entry, type Findings, isWritten, type Place } from '../findings.js';
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
  if (isWritten(place, 'severity'))
    scope.findings.warn(place, ['severity'], 'says nothing here: each of levels has its own');
  checkLadder(value.levels, levels, place, scope);
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

const checkLadder = (
  docs: readonly LevelDoc[],
  levels: readonly (CompiledLevel | null)[],
  place: Place,
  { findings, kinds }: Scope,
): void => {
  for (const [at, level] of docs.entries()) {
    const milder = docs[at - 1];
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
    else if (isNoLater(levels[at] ?? null, levels[at - 1] ?? null))
      findings.warn(place, condition === undefined ? path : [...path, condition.name], noLaterThan(milder.severity));
  }
};

/** Whether a level is reached no later than a milder one: on some side it leaves no more alone. */
export const isNoLater = (level: CompiledLevel | null, milder: CompiledLevel | null): boolean => {
  const [[low, high], [milderLow, milderHigh]] = [level?.calm ?? everything, milder?.calm ?? everything];
  return (low > -Infinity && low >= milderLow) || (high < Infinity && high <= milderHigh);
};

const everything = [-Infinity, Infinity] as const;

const noLaterThan = (severity: string): string => `it is reached no later than ${severity}, which is milder`;

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

/** The same of levels that a group moved, told where it says so; also that one does not come after a milder one any more. */
export const checkMoved = (
  levels: readonly CompiledLevel[],
  range: ValueRange | null,
  place: Place,
  path: readonly string[],
  findings: Findings,
): void => {
  for (const [at, level] of levels.entries()) {
    const below = levels.length === 1 ? path : [...path, 'levels', level.severity];
    tell(level.remarks, place, below, findings);
    if (range !== null) tell(level.remarksWithin(range), place, below, findings);
    const milder = levels[at - 1] ?? null;
    if (milder !== null && isNoLater(level, milder)) findings.warn(place, below, noLaterThan(milder.severity));
  }
};
