import type { Statistic } from './statistic.js';

const prefix = 'time_in_state_';
const columns = { firstAtMs: 0, lastAtMs: 1, last: 2, times: 3 } as const;
const mostStates = 16;

/**
 * `time_in_state_<value>`: how long a discrete metric had each of its values, ms; `time_in_state_1` of a switch is how long it was on. A value
 * holds until the next reading, from the first reading of the window to the last; one that comes behind a newer one is left out.
 *
 * Memory: three numbers, and two for each of at most 16 values; time in further ones is not counted.
 */
export const timeInState: Statistic = {
  name: 'time_in_state',
  mostValues: mostStates,
  gives: (name) => name.startsWith(prefix) && isNumber(name.slice(prefix.length)),
  unitOf: () => 'ms',
  rangeOf: () => ({ min: 0, max: Infinity }),
  begin: () => [],
  add: (memory, value, afterMs) => {
    if (memory.length === 0) {
      memory.push(afterMs, afterMs, value);
      return;
    }
    const lastAtMs = memory[columns.lastAtMs] ?? 0;
    if (afterMs < lastAtMs) return;
    count(memory, memory[columns.last] ?? 0, afterMs - lastAtMs);
    memory[columns.lastAtMs] = afterMs;
    memory[columns.last] = value;
  },
  merge: (memory, other, laterMs) => {
    if (other.length === 0) return;
    const [firstAtMs = 0, lastAtMs = 0, last = 0] = other;
    if (memory.length === 0) memory.push(firstAtMs + laterMs, lastAtMs + laterMs, last);
    else count(memory, memory[columns.last] ?? 0, firstAtMs + laterMs - (memory[columns.lastAtMs] ?? 0));
    for (let i: number = columns.times; i + 1 < other.length; i += 2) count(memory, other[i] ?? 0, other[i + 1] ?? 0);
    memory[columns.lastAtMs] = lastAtMs + laterMs;
    memory[columns.last] = last;
  },
  resultsOf: (memory) => {
    const results: Record<string, number | null> = {};
    for (let i: number = columns.times; i + 1 < memory.length; i += 2)
      results[`${prefix}${memory[i] ?? 0}`] = memory[i + 1] ?? 0;
    const last = `${prefix}${memory[columns.last] ?? 0}`;
    if (memory.length > 0) results[last] ??= 0;
    return results;
  },
};

const count = (memory: number[], state: number, ms: number): void => {
  if (ms <= 0) return;
  let at: number = columns.times;
  while (at < memory.length && memory[at] !== state) at += 2;
  if (at < memory.length) memory[at + 1] = (memory[at + 1] ?? 0) + ms;
  else if (at < columns.times + 2 * mostStates) memory.push(state, ms);
};

const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));
