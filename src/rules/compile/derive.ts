import { convert, dimensionOf, isSameUnit } from '../../../streams/codecs/units.js';
import type { DeriveRule } from '../../../streams/rules/rules.js';
import { formatDuration } from '../../config/quantity.js';
import type { DerivedDoc } from '../document/derive.js';
import type { Entry } from '../findings.js';
import { shapeIn } from '../version.js';
import { type Bound, formula, type Scope, slotOf, unitOfResult } from './scope.js';

/** What is computed reads what is measured, and what is computed further up. */
export const derivesOf = (entries: readonly Entry<DerivedDoc>[], scope: Scope): readonly Bound<DeriveRule>[] =>
  entries.flatMap((entry, index): readonly Bound<DeriveRule>[] => {
    const { value, place } = entry;
    const slot = scope.metrics.peek(value.metric);
    const made = formulaIn(entry, scope);
    if (made === null || slot === undefined) return [];
    const reads = made._tag === 'value' ? made.expression.reads : [made.of];
    if (reads.some((read) => read >= slot.slot)) {
      const below = made._tag === 'value' ? ['value'] : [made._tag, 'of'];
      scope.findings.fault(place, below, 'it reads itself, or what is computed further down: put that above it');
    }
    checkUnit(entry, made, scope);
    const rule: DeriveRule = { id: value.metric, index, slot: slot.slot, formula: made, shape: shapeOf(value) };
    return [{ rule, selector: scope.selectors.placeOf(value.match), place }];
  });

const formulaIn = ({ value, place }: Entry<DerivedDoc>, scope: Scope): DeriveRule['formula'] | null => {
  const { value: text, delta, rate, smooth, deadband } = value;
  if (text !== null) {
    const unit = unitOfResult(scope, text, place, ['value']);
    if (unit !== null && value.unit !== null && !isSameUnit(unit, value.unit))
      scope.findings.warn(place, ['unit'], `what is computed is in ${unit}, as what it is made of`, {
        found: value.unit,
      });
    const expression = formula(scope, text, place, ['value']);
    return expression === null ? null : { _tag: 'value', expression };
  }
  const source = (name: string, form: string): number | null => slotOf(scope, name, place, [form, 'of'])?.slot ?? null;
  if (delta !== null) {
    const of = source(delta.of, 'delta');
    return of === null ? null : { _tag: 'delta', of, rollover: delta.rollover };
  }
  if (rate !== null) {
    const of = source(rate.of, 'rate');
    return of === null ? null : { _tag: 'rate', of, rollover: rate.rollover, perMs: rate.per };
  }
  if (smooth !== null) {
    const of = source(smooth.of, 'smooth');
    return of === null ? null : { _tag: 'smooth', of, halfLifeMs: smooth.half_life };
  }
  if (deadband === null) return null;
  const of = source(deadband.of, 'deadband');
  if (deadband.by < 0)
    scope.findings.fault(place, ['deadband', 'by'], '', { expected: 'a number of 0 or more', found: deadband.by });
  return of === null ? null : { _tag: 'deadband', of, by: deadband.by, atMostMs: deadband.at_most };
};

/** What is smoothed or thinned out, and a difference, stays what it is. */
const checkUnit = (
  { value, place }: Entry<DerivedDoc>,
  made: DeriveRule['formula'],
  { metrics, findings }: Scope,
): void => {
  if (made._tag === 'value' || value.unit === null) return;
  const source = metrics.peek(metrics.all[made.of] ?? '')?.unit ?? '';
  if (made._tag === 'rate') {
    const problem = rateProblem(source, made.perMs, value.unit);
    if (problem !== null) findings.fault(place, ['unit'], problem, { found: value.unit });
    return;
  }
  if (isSameUnit(value.unit, source)) return;
  findings.fault(place, ['unit'], `${made._tag} does not convert: its unit is that of ${metrics.all[made.of] ?? ''}`, {
    expected: source === '' ? 'no unit' : source,
    found: value.unit,
  });
};

/** Units of what is counted, and of as much of it per second. */
const perSecond = [
  ['J', 'W'],
  ['m', 'm/s'],
  ['m³', 'm³/s'],
] as const;

/** A rate is not converted: one of the source's unit in that time must be one of the unit. Units nobody knows are believed. */
const rateProblem = (source: string, perMs: number, unit: string): string | null => {
  const [counted, said] = [dimensionOf(source), dimensionOf(unit)];
  if (counted === null || said === null) return null;
  if (counted === said) return `it measures ${said}, as ${source} does, and not ${source} per time`;
  const units = perSecond.find(([one]) => dimensionOf(one) === counted);
  if (units === undefined) return null;
  const [of, per] = units;
  if (dimensionOf(per) !== said) return `it measures ${said}, and ${source} per time is ${dimensionOf(per) ?? ''}`;
  const rate = (convert(1, source, of) ?? NaN) / (perMs / 1_000);
  const wanted = convert(1, unit, per) ?? NaN;
  if (Math.abs(rate - wanted) <= 1e-9 * wanted) return null;
  return `1 ${source} per ${formatDuration(perMs)} is ${Number((rate / wanted).toPrecision(6))} ${unit}: say another unit, or another time`;
};

/** An expression remembers nothing; a counter's last reading stays what it is whatever is made of it. */
const shapeOf = ({ delta, rate, smooth, deadband }: DerivedDoc): string => {
  if (delta !== null || rate !== null) return shapeIn({ counter: (delta ?? rate)?.of });
  if (smooth !== null) return shapeIn({ smooth: smooth.of });
  return deadband === null ? 'value' : shapeIn({ deadband: deadband.of });
};
