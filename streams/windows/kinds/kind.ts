import type { Filling } from '../filling.js';

/** One number that a kind of window is set by. */
export interface SpanSetting {
  /** `ms` is written as a duration in the rules file, `readings` as a whole number. */
  readonly unit: 'ms' | 'readings';
  /** Both ends included. */
  readonly min: number;
  readonly max: number;
  readonly about: string;
}

/** By the names of the settings; times in ms. */
export type SpanSettings = Readonly<Record<string, number>>;

/** What is wrong between settings that are right by themselves. */
export interface SpanFault<Name extends string = string> {
  readonly setting: Name;
  readonly message: string;
  readonly found?: string;
}

/** Writes ms as people do: `90s`. */
export type ShowMs = (ms: number) => string;

/**
 * A kind of window as it is registered: how people set it and read of it, and how it is made. The rules file, its schema and its documentation, `weir
 * check`, `weir explain`, the API and the live page take it from here.
 */
export interface WindowKind<Name extends string = string> {
  /** Its key in the rules file. */
  readonly name: string;
  /** For people: one line. */
  readonly about: string;
  /** A few small letters, unlike those of any other kind, at the head of what is stored; never change those of one that is in use. */
  readonly code: string;
  /** In the order in which they are stored. */
  readonly settings: Readonly<Record<Name, SpanSetting>>;
  /** Whether the key holds its only setting itself: `tumbling: 1m`. */
  readonly isBare: boolean;
  /** Whether event time ends such windows: then the rule must state a lateness. */
  readonly isOfTime: boolean;
  faultsOf?(settings: Readonly<Record<Name, number>>, show: ShowMs): readonly SpanFault<Name>[];
  /** What a window is, to be read after its name: `each 1m`. */
  wordsOf(settings: Readonly<Record<Name, number>>, show: ShowMs): string;
  made(settings: Readonly<Record<Name, number>>): Reach;
}

/**
 * Where windows of a kind begin and end, its settings worked in. It remembers nothing: what is remembered is in the open windows. All times in ms, of
 * events since the epoch.
 */
export interface Reach {
  /** How long each window is; null where that depends on the readings. */
  readonly lengthMs: number | null;
  /** How many windows of the rule a reading is in. */
  readonly overlap: number;
  /** The least time in which a window can come to its end; Infinity where time ends none. */
  readonly paceMs: number;
  /** How long a device that reports every so often must have reported until it remembers as much as it ever will. */
  fullAfterMs(everyMs: number): number;
  /** Where a window ends, exclusive. `lastAfterMs`: its newest reading, after its start. */
  endOf(startMs: number, lastAfterMs: number): number;
  /** Where the last window that a reading of that time can be in ends; −Infinity where time ends none. */
  lastEndOf(atMs: number): number;
  /** Puts the readings of one record into windows. No step reads a clock or draws chance. */
  put(filling: Filling): void;
}

/** A kind of window with its settings: what a rule gathers readings in. */
export interface Span extends Reach {
  readonly kind: WindowKind;
  readonly settings: SpanSettings;
}
