import type { NumberSettings, SettingsCodec } from './settings.js';

/**
 * What a detector says of one reading. One object is written over and over: copy what is to be kept.
 *
 * `score` is 0 to 1 and 0.5 stands at the detector's own limit, so one threshold means the same for all of them. `low` and `high` are the
 * band in which the reading was expected; NaN where a detector has none. Before `isWarm` the score is 0.
 */
export interface Verdict {
  score: number;
  low: number;
  high: number;
  isWarm: boolean;
}

/**
 * A detector with its settings worked in. It remembers nothing itself: everything is in `state`, one per series. A state is an object
 * whose fields are numbers, NaN for what is not known yet, and rows of numbers whose length the settings fix; see `stored-state.ts`.
 *
 * Value and time must be finite. No step allocates, reads a clock or draws chance.
 */
export interface Tuned<State extends object = object> {
  create(): State;
  /** Judges a reading by what came before it, then learns from it. */
  step(state: State, value: number, atMs: number, verdict: Verdict): void;
  /**
   * Judges that nothing came, learning nothing. Only of detectors of time. `logTimeMs` is how far the log has been read, never a wall
   * clock: while we are behind or disconnected it stands still, so that our own delay makes no device late.
   */
  overdue?(state: State, logTimeMs: number, verdict: Verdict): void;
}

/** A detector as it is registered: what it is, what can be set, and how it is made. */
export interface Detector<Settings extends NumberSettings = NumberSettings, State extends object = object> {
  readonly name: string;
  /** For people: one line each. */
  readonly about: {
    readonly finds: string;
    /** Where the method was published. */
    readonly source: string;
    /** What one series costs. */
    readonly memory: string;
    readonly warmUp: string;
    /** What `value` is, where it is not a reading. */
    readonly value?: string;
  };
  readonly settings: SettingsCodec<Settings>;
  /** What `value` is where it is not a reading: the time of the record in the log less its event time, ms. */
  readonly input?: 'lag';
  /** What the band is where it is not one of values: when a reading was expected, epoch ms, or by how much it may be behind, ms. */
  readonly band?: 'time' | 'lag';
  tuned(settings: Settings): Tuned<State>;
}

export const freshVerdict = (): Verdict => ({ score: 0, low: NaN, high: NaN, isWarm: false });

/** The verdict on a reading that can't be judged yet. */
export const notWarm = (verdict: Verdict): void => {
  verdict.score = 0;
  verdict.low = NaN;
  verdict.high = NaN;
  verdict.isWarm = false;
};

/** A score from how often the limit was reached: 0 at 0, 0.5 at 1, towards 1 beyond. Holds for Infinity, too. */
export const scoreOf = (ratio: number): number => 1 - 1 / (1 + ratio);

const farthest = 1e140;

/** Values beyond ±1e140 count as that, so that squares of differences and sums of them stay finite; −0, which JSON does not know, as 0. */
export const bounded = (value: number): number => Math.max(-farthest, Math.min(farthest, value)) + 0;

/**
 * The least spread to divide by: what rounding alone makes of values of this size. A series that was constant so far then scores any
 * change near 1, and its own noise of the last bit at 0.
 */
export const leastSpread = (level: number): number => Math.abs(level) * 1e-9 + 1e-150;
