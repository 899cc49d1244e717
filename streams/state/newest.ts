import { map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Device } from '../model/device.js';
import type { MetricSetting } from '../model/settings.js';
import type { Memory, PartitionState } from './partition-state.js';

/**
 * The newest readings of a device as one operator has seen them, and as its expressions see them. What `latest` remembers is of no use for that: it is of the end
 * of the chunk, to an operator after it, or of its beginning, to one before it.
 *
 * Memory: two numbers per metric noted and device, in `state`, claimed with the first use.
 */
export class Newest {
  /** One row, written over and over; NaN for never. */
  readonly readings: number[];
  #keptOf: ((device: Device) => number[]) | null = null;

  constructor(
    readonly state: PartitionState,
    readonly name: string,
    readonly metrics: readonly MetricSetting[],
  ) {
    this.readings = metrics.map(() => NaN);
  }

  /** By slot two doubles, the value and its event time, as far as something was noted. */
  of(device: Device): readonly number[] {
    return this.#kept(device);
  }

  /** Readings of the record under way, and of other metrics the newest noted. False when one of them was never read. */
  fill(device: Device, reads: readonly number[], readings: readonly number[]): boolean {
    for (let i = 0; i < reads.length; i += 1) {
      const slot = reads[i] ?? 0;
      let value = readings[slot] ?? NaN;
      if (Number.isNaN(value)) value = this.#kept(device)[2 * slot] ?? NaN;
      if (Number.isNaN(value)) return false;
      this.readings[slot] = value;
    }
    return true;
  }

  /** Once a record is decided: a reading replaces one that is not newer. */
  note(device: Device, slot: number, readings: readonly number[], atMs: number): void {
    const value = readings[slot] ?? NaN;
    if (Number.isNaN(value)) return;
    const kept = this.#kept(device);
    if (kept.length === 0) for (let i = 0; i < this.metrics.length; i += 1) kept.push(NaN, -Infinity);
    if (atMs < (kept[2 * slot + 1] ?? -Infinity)) return;
    kept[2 * slot] = value;
    kept[2 * slot + 1] = atMs;
    this.state.touch(device);
  }

  #kept(device: Device): number[] {
    this.#keptOf ??= this.state.ofDevice(newestMemory(this.name, this.metrics));
    return this.#keptOf(device);
  }
}

/** Whether the record under way holds one of the metrics: an expression is asked when something it reads is new. */
export const holdsOneOf = (reads: readonly number[], readings: readonly number[]): boolean => {
  for (let i = 0; i < reads.length; i += 1) if (!Number.isNaN(readings[reads[i] ?? 0] ?? NaN)) return true;
  return false;
};

/** Value and event time, epoch ms, by metric name. */
const StoredNewest = t.record(t.string, t.tuple([t.number, t.number]));

const newestMemory = (name: string, metrics: readonly MetricSetting[]): Memory<number[]> => ({
  name,
  create: () => [],
  encode: (kept) => {
    const stored: Record<string, readonly [number, number]> = {};
    for (let i = 0; 2 * i < kept.length; i += 1) {
      const [value, atMs, metric] = [kept[2 * i] ?? NaN, kept[2 * i + 1] ?? NaN, metrics[i]];
      if (metric !== undefined && !Number.isNaN(value)) stored[metric.name] = [value, atMs];
    }
    return kept.length === 0 ? undefined : stored;
  },
  decode: (value) =>
    mapRight((stored: t.TypeOf<typeof StoredNewest>) =>
      metrics.flatMap((metric) => stored[metric.name] ?? [NaN, -Infinity]),
    )(StoredNewest.decode(value)),
});
