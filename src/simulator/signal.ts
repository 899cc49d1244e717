import type { Random } from './random.js';

/** What a kind of sensor measures in a building, in the unit it is sent in. */
export interface SignalKind {
  readonly base: number;
  /** How far devices differ from each other. */
  readonly spread: number;
  /** Swing over a day. */
  readonly daily: number;
  /** Slow wandering, within about an hour. */
  readonly drift: number;
  /** From one reading to the next. */
  readonly noise: number;
  readonly min: number;
  readonly max: number;
  /** How far an excursion goes, beyond the usual alert levels. */
  readonly excursion: number;
}

export const signalKinds = {
  temperature: { base: 22, spread: 1.5, daily: 3, drift: 1, noise: 0.15, min: -40, max: 80, excursion: 30 },
  humidity: { base: 50, spread: 4, daily: 6, drift: 3, noise: 0.5, min: 0, max: 100, excursion: 45 },
  pressure: { base: 1013.25, spread: 3, daily: 1.5, drift: 5, noise: 0.3, min: 800, max: 1200, excursion: 110 },
  current: { base: 5, spread: 0.4, daily: 0.6, drift: 0.3, noise: 0.1, min: 0, max: 20, excursion: 5 },
} as const satisfies Record<string, SignalKind>;

export type SignalName = keyof typeof signalKinds;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const driftMs = 60 * minuteMs;

/** Rises, stays, falls. Times in epoch ms. */
export interface Excursion {
  readonly fromMs: number;
  readonly riseMs: number;
  readonly holdMs: number;
  readonly fallMs: number;
}

/** How much of an excursion there is at a moment: 0 to 1. */
export const strength = ({ fromMs, riseMs, holdMs, fallMs }: Excursion, atMs: number): number => {
  const risen = (atMs - fromMs) / riseMs;
  const left = 1 - (atMs - fromMs - riseMs - holdMs) / fallMs;
  return Math.max(0, Math.min(1, risen, left));
};

/** One quantity at one device: a level of its own, the time of day, slow drift and a little noise. */
export class Signal {
  readonly #level: number;
  readonly #phase: number;
  #drift: number;
  #atMs: number | null = null;

  constructor(
    private readonly kind: SignalKind,
    private readonly random: Random,
  ) {
    this.#level = kind.base + kind.spread * random.normal();
    this.#phase = random.between(-0.15, 0.15);
    this.#drift = kind.drift * random.normal();
  }

  /** Drifts on from the latest moment it was read at. `excursion`: 0 to 1. */
  read(atMs: number, excursion: number): number {
    const { kind, random } = this;
    const passedMs = Math.max(0, atMs - (this.#atMs ?? atMs));
    this.#atMs = Math.max(atMs, this.#atMs ?? atMs);
    // An Ornstein–Uhlenbeck step: its spread is the same however often it is read.
    const kept = Math.exp(-passedMs / driftMs);
    if (passedMs > 0) this.#drift = this.#drift * kept + kind.drift * Math.sqrt(1 - kept * kept) * random.normal();
    const ofDay = Math.sin(2 * Math.PI * (atMs / dayMs + this.#phase - 0.375));
    const value =
      this.#level + kind.daily * ofDay + this.#drift + kind.noise * random.normal() + kind.excursion * excursion;
    return Math.min(kind.max, Math.max(kind.min, value));
  }
}
