/** A change of level that has begun and is not old enough yet. */
export interface Change {
  readonly sinceMs: number;
  /** As far as it has gone all the while. */
  readonly to: number;
}

/**
 * Where a rule stands on a device, unless it is simply normal. Times are event times, epoch ms.
 *
 * States after ISA-18.2: *pending* while `level` is 0 and a rise has begun, *active*, and *recovering* while a fall to 0 has begun.
 */
export interface Standing {
  /** The level in force, from 1; 0 for none. */
  readonly level: number;
  readonly rise: Change | null;
  readonly fall: Change | null;
  /** The last decisions of `m_of_n`, the newest in the lowest bit. */
  readonly decisions: number;
}

export const normal: Standing = { level: 0, rise: null, fall: null, decisions: 0 };

/** What the rule says of how long and how often. */
export interface Patience {
  readonly forMs: number;
  readonly keepForMs: number;
  readonly mOfN: { readonly m: number; readonly n: number } | null;
}

/**
 * The next standing, when the levels say `reached` at `atMs`. Times must not go back.
 *
 * A rise counts once it has lasted `forMs`, a fall once it has lasted `keepForMs`, and each goes as far as it had been all the while. With `m_of_n`
 * a level counts as reached while m of the last n decisions had one.
 */
export const decide = (from: Standing, reached: number, atMs: number, patience: Patience): Standing => {
  const decisions = patience.mOfN === null ? 0 : remembered(from.decisions, reached > 0, patience.mOfN.n);
  const counted = patience.mOfN === null ? reached : countOf(decisions) >= patience.mOfN.m ? Math.max(1, reached) : 0;
  if (counted > from.level) return rising(from, counted, atMs, patience.forMs, decisions);
  if (counted < from.level) return falling(from, counted, atMs, patience.keepForMs, decisions);
  return waiting(from, null, null, decisions);
};

/** The same level; the same object, when nothing is different. */
const waiting = (from: Standing, rise: Change | null, fall: Change | null, decisions: number): Standing =>
  isSame(from.rise, rise) && isSame(from.fall, fall) && from.decisions === decisions
    ? from
    : { level: from.level, rise, fall, decisions };

const isSame = (one: Change | null, other: Change | null): boolean =>
  one?.sinceMs === other?.sinceMs && one?.to === other?.to;

const rising = (from: Standing, to: number, atMs: number, forMs: number, decisions: number): Standing => {
  const sinceMs = from.rise?.sinceMs ?? atMs;
  const allTheWhile = Math.min(to, from.rise?.to ?? to);
  if (atMs - sinceMs < forMs) {
    return waiting(from, { sinceMs, to: allTheWhile }, null, decisions);
  }
  // What it has risen to only lately begins to wait now.
  const further = to > allTheWhile ? { sinceMs: atMs, to } : null;
  return { level: allTheWhile, rise: further, fall: null, decisions };
};

const falling = (from: Standing, to: number, atMs: number, keepForMs: number, decisions: number): Standing => {
  const sinceMs = from.fall?.sinceMs ?? atMs;
  const allTheWhile = Math.max(to, from.fall?.to ?? to);
  if (atMs - sinceMs < keepForMs) {
    return waiting(from, null, { sinceMs, to: allTheWhile }, decisions);
  }
  const further = to < allTheWhile ? { sinceMs: atMs, to } : null;
  return { level: allTheWhile, rise: null, fall: further, decisions };
};

/** At most 52 decisions: a double holds them exactly, where operators on bits would hold 32. */
const remembered = (decisions: number, isReached: boolean, n: number): number =>
  (decisions * 2 + Number(isReached)) % 2 ** n;

const countOf = (decisions: number): number => {
  let count = 0;
  for (let rest = decisions; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
};

export const isNormal = ({ level, rise, fall, decisions }: Standing): boolean =>
  level === 0 && rise === null && fall === null && decisions === 0;

export type StandingState = 'normal' | 'pending' | 'active' | 'recovering';

export const stateOf = ({ level, rise, fall }: Standing): StandingState =>
  level > 0 ? (fall?.to === 0 ? 'recovering' : 'active') : rise === null ? 'normal' : 'pending';
