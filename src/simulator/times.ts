/** What is asked for does not fit together. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

export interface Times {
  /** Timestamp of the first record, epoch ms. */
  readonly startMs: number;
  /** Between the timestamps of two records, ms. */
  readonly stepMs: number;
  /** How many records it will be; null when nobody knows yet. */
  readonly total: number | null;
}

const dayMs = 86_400_000;
/** Kafka keeps records for seven days by their timestamps unless it is told otherwise. */
const mostSpanMs = 6 * dayMs;

/** As in `ProduceOptions`. */
export interface TimeOptions {
  readonly ratePerSecond: number | null;
  readonly speed: number;
  readonly devices: number;
  readonly count: number | null;
  readonly durationMs: number | null;
  readonly startMs: number | null;
}

/**
 * Which times the records get. Brokers refuse timestamps that lie more than an hour ahead, so time that runs faster than the clock begins
 * so far in the past that it ends now.
 * Errors: throws `Unusable` when that can't be: no end is known, or the beginning would be out of the log before long.
 */
export const timesOf = (options: TimeOptions, nowMs: number): Times => {
  const { ratePerSecond, speed, devices, durationMs } = options;
  const stepMs = (speed * 1_000) / (ratePerSecond ?? devices);
  const inDuration =
    ratePerSecond === null || durationMs === null ? Infinity : Math.ceil((ratePerSecond * durationMs) / 1_000);
  const most = Math.min(options.count ?? Infinity, inDuration);
  const total = Number.isFinite(most) ? most : null;
  if (options.startMs !== null) return { startMs: options.startMs, stepMs, total };
  return { startMs: Math.floor(nowMs - leadMs(options, total, stepMs)), stepMs, total };
};

/** How long before now the first record lies. */
const leadMs = ({ ratePerSecond, speed, durationMs }: TimeOptions, total: number | null, stepMs: number): number => {
  if (ratePerSecond !== null && speed <= 1) return 0;
  if (total === null && durationMs === null) {
    throw new Unusable('event time that runs faster than the clock needs an end: say --count or --duration');
  }
  // As fast as it goes for a while: nobody knows how many records that will be.
  if (total === null) return dayMs;
  const spanMs = total * stepMs;
  if (spanMs > mostSpanMs) {
    const days = Math.ceil(spanMs / dayMs);
    throw new Unusable(
      `the records would span ${days} days, and the log keeps seven: lower --speed or --count, or say --start`,
    );
  }
  return ratePerSecond === null ? spanMs : spanMs - spanMs / speed;
};
