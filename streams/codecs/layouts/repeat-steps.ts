import type { Layout, Place } from './layout.js';
import type { Scalars } from './scalars.js';

/** A scalar that may be another in each record of a device, and what is made of it. */
export type Changing =
  /** A number, or a word of the accepted kinds, one bit each by number of the kind: NaN for null, 1 and 0 for true and false. */
  | { readonly _tag: 'value'; readonly slot: number; readonly kinds: number }
  | { readonly _tag: 'time in text' }
  /** A whole number between both. */
  | { readonly _tag: 'time in ms'; readonly least: number; readonly greatest: number }
  /** ASCII, of 1 to 256 characters. */
  | { readonly _tag: 'message id' }
  /** Only made sure of. */
  | { readonly _tag: 'other' };

/** A record's bytes from one scalar that changes to the next, if there is one between that seldom does; else they are `constant`. */
export interface Stretch {
  readonly _tag: 'stretch';
  /** The first and the last scalar in it, and how many bytes stand before and behind them. */
  readonly first: number;
  readonly last: number;
  readonly before: number;
  readonly behind: number;
}

export type Step = Changing | Stretch | { readonly _tag: 'constant'; readonly bytes: Uint8Array };

/** A whole word, and words are compared; there is always the name of a member. */
const shortest = 8;

/**
 * A layout as a record is compared with the one before of the same device; null when that can't be done. `changing` says what a scalar
 * is if it changes, null when it seldom does.
 */
export const repeatSteps = (
  { scalars, tail }: Layout,
  changing: (place: Place) => Changing | null,
): readonly Step[] | null => {
  const steps: Step[] = [];
  let open: Place[] = [];
  const close = (behind: Uint8Array): boolean => {
    const [first, last] = [open[0], open.at(-1)];
    const fixed = open.reduce((sum, { before }) => sum + before.length, behind.length);
    if (first === undefined || last === undefined) steps.push({ _tag: 'constant', bytes: behind });
    else steps.push({ _tag: 'stretch', first: first.slot, last: last.slot, before: first.before.length, behind: behind.length }); // prettier-ignore
    open = [];
    return first === undefined || fixed >= shortest;
  };
  for (const place of scalars) {
    const step = changing(place);
    if (step === null) open.push(place);
    else if (!close(place.before)) return null;
    else steps.push(step);
  }
  return close(tail) ? steps : null;
};

/** What stands before a scalar, that one last. */
export const stepsTo = ({ scalars }: Layout, slot: number): readonly Step[] => {
  const steps: Step[] = [];
  for (const place of scalars) {
    steps.push({ _tag: 'constant', bytes: place.before });
    if (place.slot === slot) break;
    steps.push({ _tag: 'other' });
  }
  return steps;
};

/** The stretches of the record that was read last: of each its length and its bytes, eight as a double, the last eight perhaps once more. */
export const rowOf = (steps: readonly Step[], { view, starts, ends }: Scalars): readonly number[] => {
  const row: number[] = [];
  for (const step of steps) {
    if (step._tag !== 'stretch') continue;
    const start = (starts[step.first] ?? 0) - step.before;
    const end = (ends[step.last] ?? 0) + step.behind;
    row.push(end - start);
    for (let at = start; at < end - 8; at += 8) row.push(view.getFloat64(at, true));
    row.push(view.getFloat64(end - 8, true));
  }
  return row;
};
