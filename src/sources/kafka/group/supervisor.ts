/** What befalls the consumer. */
export type Signal =
  /** A consumer was made and joins. */
  | { readonly _tag: 'starting' }
  | { readonly _tag: 'joined' }
  /** `refused`: why trying again can't help; null when it may. */
  | { readonly _tag: 'crashed'; readonly why: string; readonly willRestart: boolean; readonly refused: string | null }
  /** It is silent although it should bring something. */
  | { readonly _tag: 'stalled'; readonly why: string }
  | { readonly _tag: 'rebuild_failed'; readonly why: string; readonly refused: string | null }
  | { readonly _tag: 'tick' };

export type Action =
  | { readonly _tag: 'none' }
  | { readonly _tag: 'rebuild'; readonly attempt: number; readonly afterMs: number; readonly why: string }
  | { readonly _tag: 'give_up'; readonly why: string };

export interface Supervision {
  readonly phase: 'joining' | 'joined' | 'down' | 'rebuilding' | 'gave_up';
  /** Since when it is in this phase. */
  readonly sinceMs: number;
  /** Since when it has not run steadily; null when it does. */
  readonly troubleSinceMs: number | null;
  /** The last trouble, in words. */
  readonly trouble: string;
  readonly rebuilds: number;
}

export interface Bounds {
  readonly maxRebuilds: number;
  /** A consumer that restarts by itself, or joins, is given this long. */
  readonly patienceMs: number;
  /** Joined for that long without a crash counts as steady. */
  readonly steadyAfterMs: number;
  /** In trouble for that long without running steadily in between, the source gives up. */
  readonly giveUpAfterMs: number;
  readonly firstBackoffMs: number;
}

const defaultBounds: Bounds = {
  maxRebuilds: 5,
  patienceMs: 90_000,
  steadyAfterMs: 30_000,
  giveUpAfterMs: 300_000,
  firstBackoffMs: 500,
};

export const beginning = (nowMs: number): Supervision => ({
  phase: 'joining',
  sinceMs: nowMs,
  troubleSinceMs: null,
  trouble: '',
  rebuilds: 0,
});

const none: Action = { _tag: 'none' };

type Step = readonly [Supervision, Action];

/** What to do about it. Pure; `nowMs` comes from a clock that never goes back. */
export const supervise = (state: Supervision, signal: Signal, nowMs: number, bounds: Bounds = defaultBounds): Step => {
  if (state.phase === 'gave_up') return [state, none];
  switch (signal._tag) {
    case 'starting':
      return [{ ...state, phase: 'joining', sinceMs: nowMs }, none];
    case 'joined':
      return [{ ...state, phase: 'joined', sinceMs: nowMs }, none];
    case 'crashed':
      return crashed(troubled(state, signal.why, nowMs), signal, nowMs, bounds);
    case 'stalled':
      return state.phase === 'joined' ? rebuild(troubled(state, signal.why, nowMs), nowMs, bounds) : [state, none];
    case 'rebuild_failed':
      return signal.refused === null
        ? rebuild(troubled(state, signal.why, nowMs), nowMs, bounds)
        : giveUp(state, signal.refused, nowMs);
    case 'tick':
      return tick(state, nowMs, bounds);
  }
};

const troubled = (state: Supervision, trouble: string, nowMs: number): Supervision => ({
  ...state,
  trouble,
  troubleSinceMs: state.troubleSinceMs ?? nowMs,
});

const crashed = (
  state: Supervision,
  { willRestart, refused }: Signal & { readonly _tag: 'crashed' },
  nowMs: number,
  bounds: Bounds,
): Step => {
  if (refused !== null) return giveUp(state, refused, nowMs);
  // Of the old one; the new one has not begun.
  if (state.phase === 'rebuilding') return [state, none];
  if (!willRestart) return rebuild(state, nowMs, bounds);
  return [state.phase === 'down' ? state : { ...state, phase: 'down', sinceMs: nowMs }, none];
};

const tick = (state: Supervision, nowMs: number, bounds: Bounds): Step => {
  const forMs = nowMs - state.sinceMs;
  if (state.phase === 'joined' && forMs >= bounds.steadyAfterMs) {
    return [{ ...state, troubleSinceMs: null, rebuilds: 0 }, none];
  }
  if (state.troubleSinceMs !== null && nowMs - state.troubleSinceMs >= bounds.giveUpAfterMs) {
    return giveUp(
      state,
      `in trouble for ${Math.round((nowMs - state.troubleSinceMs) / 1000)} s, last: ${state.trouble}`,
      nowMs,
    );
  }
  const isWaiting = state.phase === 'down' || state.phase === 'joining';
  if (!isWaiting || forMs < bounds.patienceMs) return [state, none];
  return rebuild(troubled(state, state.trouble || `no join for ${Math.round(forMs / 1000)} s`, nowMs), nowMs, bounds);
};

const rebuild = (state: Supervision, nowMs: number, bounds: Bounds): Step => {
  if (state.rebuilds >= bounds.maxRebuilds) {
    return giveUp(state, `rebuilt ${state.rebuilds} times, last: ${state.trouble}`, nowMs);
  }
  const attempt = state.rebuilds + 1;
  const afterMs = attempt === 1 ? 0 : bounds.firstBackoffMs * 2 ** (attempt - 2);
  return [
    { ...state, phase: 'rebuilding', sinceMs: nowMs, rebuilds: attempt },
    { _tag: 'rebuild', attempt, afterMs, why: state.trouble },
  ];
};

const giveUp = (state: Supervision, why: string, nowMs: number): Step => [
  { ...state, phase: 'gave_up', sinceMs: nowMs },
  { _tag: 'give_up', why },
];
