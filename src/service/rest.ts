/**
 * How long to gather after a settle, ms. Its cost grows with the devices it writes, some 20 µs each, and not with the records: 0.8 ms
 * for each keeps it below 3 % of the thread per partition, and a handful of devices is settled four times per interval.
 *
 * Nobody waits for the results of what was old when it came: there it rests longer, until the buffer or a lull says that it is time.
 */
export const restAfter = (
  settled: { readonly devices: number; readonly newestTimestampMs: number | null },
  intervalMs: number,
  nowMs: number,
): number => {
  const { devices, newestTimestampMs } = settled;
  const isCatchingUp = newestTimestampMs !== null && newestTimestampMs < nowMs - oldMs;
  return isCatchingUp ? intervalMs * longRest : Math.min(intervalMs, Math.max(intervalMs / 4, devices * 0.8));
};

const oldMs = 10_000;
const longRest = 5;
