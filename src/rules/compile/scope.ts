import { type Either, isRight } from 'fp-ts/lib/Either.js';
import type { DeviceFacts, Expression } from '../../../streams/rules/rules.js';
import { claimOf, formulaOf } from '../cel/expression.js';
import type { CelFault, Language } from '../cel/language.js';
import { settledIn } from '../cel/reach.js';
import { type Mismatch, unitIn } from '../cel/units.js';
import type { Compiling, Slot } from '../compiling.js';
import type { Findings, Place } from '../findings.js';
import type { Kinds } from '../kinds.js';
import type { Names } from './names.js';
import type { Selectors } from './selectors.js';

/** What every section is compiled with. */
export interface Scope {
  readonly findings: Findings;
  readonly kinds: Kinds;
  readonly metrics: Names<Slot>;
  readonly language: Language;
  readonly selectors: Selectors;
  readonly tagsOf: (facts: DeviceFacts) => readonly string[];
}

/** A compiled rule, and where in `selectors` it says which devices it is for. */
export interface Bound<R> {
  readonly rule: R;
  readonly selector: number;
  readonly place: Place;
}

export const slotOf = (scope: Scope, name: string, place: Place, below: readonly string[]): Slot | null =>
  scope.metrics.find(name, place, below);

/** What a kind of condition or claim asks for, where `path` leads below an entry. */
export const compilingAt = (scope: Scope, place: Place, path: readonly string[] = []): Compiling => ({
  names: scope.metrics.all,
  fault: (below, problem, details) => scope.findings.fault(place, [...path, ...below], problem, details),
  warn: (below, problem, details) => scope.findings.warn(place, [...path, ...below], problem, details),
  slot: (name, below) => slotOf(scope, name, place, [...path, ...below]),
  expression: (text, below) => {
    unitOfResult(scope, text, place, [...path, ...below]);
    warnOfSettled(scope, text, place, [...path, ...below]);
    const claim = told(scope, claimOf(scope.language, asked(scope, text, place)), place, [...path, ...below]);
    if (claim?.isConstant === true)
      scope.findings.warn(place, [...path, ...below], 'says the same of every record: it reads no metric, and nothing of the device'); // prettier-ignore
    return claim;
  },
});

export const formula = (
  scope: Scope,
  text: string,
  place: Place,
  below: readonly string[],
): Expression<number> | null => told(scope, formulaOf(scope.language, asked(scope, text, place)), place, below);

/** Says which unlike units meet in an expression; gives that of its result, null where it is not known. */
export const unitOfResult = (
  { language, metrics, findings }: Scope,
  text: string,
  place: Place,
  below: readonly string[],
): string | null => {
  const checked = language.checked(text);
  if (!isRight(checked)) return null;
  const met: Mismatch[] = [];
  const unit = unitIn(checked.right.ast, (name) => metrics.peek(name)?.unit ?? null, met);
  for (const { one, other, index } of met)
    findings.warn(place, below, `${one} meets ${other}, and nothing converts one to the other here`, { index });
  return unit;
};

/** Says which comparisons of an expression the ranges of its metrics settle. */
const warnOfSettled = (
  { language, metrics, findings }: Scope,
  text: string,
  place: Place,
  below: readonly string[],
): void => {
  const checked = language.checked(text);
  if (!isRight(checked)) return;
  const rangeOf = (name: string) => {
    const slot = metrics.peek(name);
    return slot === undefined ? null : ([slot.min, slot.max] as const);
  };
  for (const { holds, metric, range, index } of settledIn(checked.right.ast, rangeOf))
    findings.warn(
      place,
      below,
      `${holds ? 'it always holds' : 'it never holds'}: values of ${metric} lie between ${range[0]} and ${range[1]}`,
      { index },
    );
};

const asked = ({ tagsOf }: Scope, text: string, { rule }: Place) => ({ text, rule: rule ?? '', tagsOf });

const told = <A>({ findings }: Scope, made: Either<CelFault, A>, place: Place, below: readonly string[]): A | null => {
  if (isRight(made)) return made.right;
  const { problem, index, unknown } = made.left;
  findings.fault(place, below, problem, {
    index,
    ...(unknown === null ? {} : { found: unknown.name, among: unknown.among }),
  });
  return null;
};
