import type { MetricRule } from '../rules/rules.js';

/** Stands for a unit that is not stated where the rules want one. */
export const unstated = '';

/** The unit of a reading that must be looked at; null for the canonical one, and for one that is not stated where the rules assume that. */
export const unitToTell = (
  unit: string | null | undefined,
  { unit: canonical, missingUnit }: MetricRule,
): string | null => {
  if (canonical === '' || unit === canonical) return null;
  if (unit == null || unit === unstated) return missingUnit === 'reject' ? unstated : null;
  return unit;
};

/** Units of records that can't state any: null where all of them are assumed. */
export const unitsOfSilent = (metrics: readonly MetricRule[]): readonly (string | null)[] | null => {
  const units = metrics.map((metric) => unitToTell(null, metric));
  return units.every((unit) => unit === null) ? null : units;
};

type Conversion = (value: number) => number;
const asItIs: Conversion = (value) => value;

/** Conversions to canonical units, each looked up once. */
export class Conversions {
  readonly #known: readonly Map<string, Conversion | null>[];

  constructor(readonly metrics: readonly MetricRule[]) {
    this.#known = metrics.map(() => new Map());
  }

  /** Null for a unit that the rules don't accept. Memory: at most 64 units per metric; those beyond are looked up each time. */
  of(metric: number, unit: string): Conversion | null {
    const known = this.#known[metric]?.get(unit);
    if (known !== undefined) return known;
    const rule = this.metrics[metric];
    const found = unit === unstated ? null : (rule?.conversionFrom(unit) ?? null);
    const conversion = found ?? (unit !== unstated && rule?.unknownUnit === 'assume' ? asItIs : null);
    const cache = this.#known[metric];
    if (cache !== undefined && cache.size < mostUnits) cache.set(unit, conversion);
    return conversion;
  }
}

const mostUnits = 64;
