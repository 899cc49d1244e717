import { type Either, isRight } from 'fp-ts/lib/Either.js';
import type { DeviceFacts, Expression } from '../../../streams/rules/rules.js';
import { claimOf, formulaOf } from '../cel/expression.js';
import type { CelFault, Language } from '../cel/language.js';
import type { Findings, Place } from '../findings.js';
import type { Slot } from './metrics.js';
import type { Names } from './names.js';
import type { Selectors } from './selectors.js';

/** What every section is compiled with. */
export interface Scope {
  readonly findings: Findings;
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

export const claim = (scope: Scope, text: string, place: Place, below: readonly string[]): Expression<boolean> | null =>
  told(scope, claimOf(scope.language, asked(scope, text, place)), place, below);

export const formula = (
  scope: Scope,
  text: string,
  place: Place,
  below: readonly string[],
): Expression<number> | null => told(scope, formulaOf(scope.language, asked(scope, text, place)), place, below);

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
