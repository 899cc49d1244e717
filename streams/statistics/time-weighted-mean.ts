import type { Statistic } from './statistic.js';

const columns = { firstAtMs: 0, lastAtMs: 1, last: 2, area: 3 } as const;

/**
 * `time_weighted_mean`: each value counts for as long as it held, that is until the next reading (a step function, as historians of plants
 * average). From the first reading of the window to the last: what held before the first is another window's, and how long
 * the last one held nobody knows yet. A reading that comes behind a newer one is left out. With a single time it is the last value.
 *
 * Memory: four numbers.
 */
export const timeWeightedMean: Statistic = {
  name: 'time_weighted_mean',
  gives: (name) => name === 'time_weighted_mean',
  unitOf: (_name, unit) => unit,
  rangeOf: (_name, readings) => readings,
  begin: () => [],
  add: (memory, value, afterMs) => {
    if (memory.length === 0) {
      memory.push(afterMs, afterMs, value, 0);
      return;
    }
    const lastAtMs = memory[columns.lastAtMs] ?? 0;
    if (afterMs < lastAtMs) return;
    memory[columns.area] = (memory[columns.area] ?? 0) + (memory[columns.last] ?? 0) * (afterMs - lastAtMs);
    memory[columns.lastAtMs] = afterMs;
    memory[columns.last] = value;
  },
  merge: (memory, other, laterMs) => {
    if (other.length === 0) return;
    const [firstAtMs = 0, otherLastAtMs = 0, otherLast = 0, otherArea = 0] = other;
    if (memory.length === 0) {
      memory.push(firstAtMs + laterMs, otherLastAtMs + laterMs, otherLast, otherArea);
      return;
    }
    const heldMs = firstAtMs + laterMs - (memory[columns.lastAtMs] ?? 0);
    memory[columns.area] = (memory[columns.area] ?? 0) + (memory[columns.last] ?? 0) * heldMs + otherArea;
    memory[columns.lastAtMs] = otherLastAtMs + laterMs;
    memory[columns.last] = otherLast;
  },
  resultsOf: (memory) => {
    if (memory.length === 0) return { time_weighted_mean: null };
    const [firstAtMs = 0, lastAtMs = 0, last = 0, area = 0] = memory;
    // Never −0, which JSON gives back as 0.
    return { time_weighted_mean: (lastAtMs > firstAtMs ? area / (lastAtMs - firstAtMs) : last) + 0 };
  },
};
