/**
 * How long to gather after a settle, ms. Its cost grows with the devices it writes, some 10 µs each, and not with the records: 0.8 ms
 * for each keeps it below 2 % of the thread per partition, up to the whole interval; a handful of devices is settled four times per interval.
 */
export const restAfter = (devices: number, intervalMs: number): number =>
  Math.min(intervalMs, Math.max(intervalMs / 4, devices * 0.8));
