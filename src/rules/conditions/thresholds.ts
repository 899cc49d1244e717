import * as streams from '../../../streams/alerts/claims.js';
import { section } from '../../config/section.js';
import { number } from '../document/forms.js';
import { type Member, may, must } from '../document/member.js';
import type { Compiled, Condition, LevelChange, Remark, ValueRange } from './condition.js';

interface Levels {
  readonly raise: number;
  readonly clear: number;
}

interface Side {
  readonly name: 'above' | 'below';
  /** 1 where greater values are worse, −1 where smaller ones are. */
  readonly sign: 1 | -1;
  readonly bounds: (levels: Levels) => streams.Bounds;
}

const levels = section({
  raise: must(number, 'Raised beyond it.'),
  clear: may(number, 'Cleared when it is reached again; the same as `raise` when it is not there.'),
});

type Given = { readonly raise: number; readonly clear: number | null } | null;

const threshold = (side: Side, about: string): Condition<Record<string, Member<Given>>> => ({
  name: side.name,
  shape: side.name,
  keys: { [side.name]: may(levels, about) },
  whyNoOn: null,
  compiled(doc) {
    const given = doc[side.name] ?? null;
    return given === null ? null : compiled(side, { raise: given.raise, clear: given.clear ?? given.raise });
  },
});

const compiled = (side: Side, own: Levels): Compiled => ({
  ...side.bounds(own),
  remarks: remarks(side, own),
  remarksWithin: (range) => remarksWithin(side, own, range),
  moved: (change) => compiled(side, moved(own, change)),
  says: (facts, what, shown) => `${what} ${shown(facts.value)} is ${side.name} ${shown(facts.level)}`,
});

/** A raise level that moves alone takes a clear level along that was the same. */
const moved = (own: Levels, { raise, clear }: LevelChange): Levels => ({
  raise: raise ?? own.raise,
  clear: clear ?? (own.raise === own.clear ? raise : null) ?? own.clear,
});

const remarks = ({ name, sign }: Side, { raise, clear }: Levels): readonly Remark[] => {
  if (sign * (clear - raise) <= 0) return [];
  const problem = `it clears at ${clear} and is raised ${name} ${raise}: values between them do both, one after the other`;
  const expected = `a level ${sign > 0 ? 'of at most' : 'of at least'} ${raise}`;
  return [{ key: 'clear', problem, details: { expected, found: clear } }];
};

/** Levels that are not reached within a range. */
const remarksWithin = ({ sign }: Side, { raise, clear }: Levels, { name, min, max }: ValueRange): readonly Remark[] => {
  const [worst, best] = sign > 0 ? [max, min] : [min, max];
  const limits = `values of ${name} ${max === Infinity ? `are at least ${min}` : `lie between ${min} and ${max}`}`;
  const raised = { key: 'raise', problem: `never raised: ${limits}`, details: { found: raise } };
  const cleared = { key: 'clear', problem: `never cleared: ${limits}`, details: { found: clear } };
  return [...(sign * (raise - worst) >= 0 ? [raised] : []), ...(sign * (clear - best) < 0 ? [cleared] : [])];
};

/** `above: { raise, clear }`: too high beyond a level. Its clear level is the same or a lower one. */
export const above = threshold({ name: 'above', sign: 1, bounds: streams.above }, 'Levels that are too high.');

/** `below: { raise, clear }`: the mirror of `above`. */
export const below = threshold({ name: 'below', sign: -1, bounds: streams.below }, 'Levels that are too low.');
