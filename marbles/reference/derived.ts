import type { Sourced } from '../../streams/model/chunk.js';
import type { DeriveRule, Rules } from '../../streams/rules/rules.js';
import type { Telemetry } from '../../streams/model/telemetry.js';

interface Reading {
  readonly value: number;
  readonly atMs: number;
}
type Formula = Exclude<DeriveRule['formula'], { readonly _tag: 'value' | 'deadband' }>;
type Deadband = Extract<DeriveRule['formula'], { readonly _tag: 'deadband' }>;

/** What is derived from readings of one device, one by one, each time from all that came before. Formulas that read what is measured. */
export const derivedOf = (records: readonly Sourced<Telemetry>[], { derive }: Rules): readonly (readonly number[])[] =>
  records.map((_, at) =>
    derive.map(({ formula }) => {
      if (formula._tag === 'value') return NaN;
      const all = records.slice(0, at + 1).map(({ value }) => ({
        value: value.readings[formula.of] ?? NaN,
        atMs: value.eventTimeMs,
      }));
      const current = all.at(-1);
      if (current === undefined || Number.isNaN(current.value)) return NaN;
      const there = all.filter(({ value }) => !Number.isNaN(value));
      // One that is behind any before it gives nothing, and is as if it had not come.
      const inOrder = there.filter(({ atMs }, i) => there.slice(0, i).every((before) => before.atMs <= atMs));
      if (formula._tag === 'deadband') return letThrough(formula, there).at(-1) === current ? current.value : NaN;
      return inOrder.at(-1) === current ? of(formula, inOrder) : NaN;
    }),
  );

const of = (formula: Formula, all: readonly Reading[]): number => {
  const [before, last] = [all.at(-2), all.at(-1)];
  if (last === undefined) return NaN;
  switch (formula._tag) {
    case 'delta':
      return before === undefined ? NaN : counted(before.value, last.value, formula.rollover);
    case 'rate': {
      const firstOfEach = all.filter(({ atMs }, i) => all[i - 1]?.atMs !== atMs);
      const [from, to] = [firstOfEach.at(-2), firstOfEach.at(-1)];
      if (from === undefined || to !== last) return NaN;
      return (counted(from.value, to.value, formula.rollover) / (to.atMs - from.atMs)) * formula.perMs;
    }
    case 'smooth':
      return all.reduce((mean, { value, atMs }, i) => {
        const weight = i === 0 ? 1 : 1 - 0.5 ** ((atMs - (all[i - 1]?.atMs ?? 0)) / formula.halfLifeMs);
        return i === 0 ? value : mean * (1 - weight) + value * weight;
      }, NaN);
  }
};

/** Where a counter falls it began at 0 again, after its rollover if that is the shorter way. */
const counted = (from: number, to: number, rollover: number | null): number => {
  if (to >= from) return to - from;
  return rollover !== null && rollover - from + to < from - to ? rollover - from + to : to;
};

/** What is behind the last one let through is as if it had not come. */
const letThrough = ({ by, atMostMs }: Deadband, all: readonly Reading[]): readonly Reading[] =>
  all.reduce<readonly Reading[]>((through, reading) => {
    const last = through.at(-1);
    if (last === undefined) return [reading];
    const isFar = Math.abs(reading.value - last.value) > by;
    const isDue = atMostMs !== null && reading.atMs - last.atMs >= atMostMs;
    return reading.atMs >= last.atMs && (isFar || isDue) ? [...through, reading] : through;
  }, []);
