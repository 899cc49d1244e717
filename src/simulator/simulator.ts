import { badKinds, type BadValue } from './bad.js';
import { type Shape, shapes, SimulatedDevice } from './device.js';
import { Faults } from './faults.js';
import { Random } from './random.js';
import { textOf } from './shapes/text-of.js';

/** Parts of all records, 0 to 1; what is left is good. */
export interface Shares {
  /** No telemetry at all, or none that can be true. */
  readonly bad: number;
  /** Behind its own device: half of them within the usual lateness of 30 s, half after their one-minute window has closed. */
  readonly late: number;
  /** More than five minutes ahead of the record's timestamp. */
  readonly future: number;
  /** The newest message of a device once more, byte for byte. */
  readonly duplicate: number;
}

export type RecordKind = 'good' | keyof Shares;

export interface SimulatedRecord {
  readonly key: string;
  readonly value: BadValue;
  /** When the log gets it, epoch ms. */
  readonly timestampMs: number;
  readonly shape: Shape;
  readonly kind: RecordKind;
}

export interface SimulatorOptions {
  readonly devices: number;
  readonly seed: number;
  readonly shape: Shape | 'mixed';
  readonly shares: Shares;
  /** Timestamp of the first record, epoch ms. */
  readonly startMs: number;
  /** Between the timestamps of two records, ms; may be a fraction. */
  readonly stepMs: number;
  /** Share of devices that have a fault in each five minutes of event time; none when it is not there. */
  readonly faultShare?: number;
  /** Something goes wrong at one device within the first seconds, so that nobody waits long for an alert; it ends within the minute. */
  readonly hasEarlyExcursion?: boolean;
}

/** How long before the log gets it a reading was taken, ms. */
const delayMs = { least: 5, most: 250 };
/** How far behind its device a late record is, ms. Of the usual windows the second range is closed. */
const lateMs = { inTime: [1_000, 25_000], tooLate: [95_000, 600_000] } as const;
const aheadMs = [360_000, 3_600_000] as const;
/** When the planned excursion can be seen, ms after the start. */
const earlyMs = { from: 1_000, seen: 5_000 };

/**
 * Records of a fleet, one after the other, evenly in time; device after device, each in one format and under one key. Everything hangs on
 * seed and start: the same two give the same bytes.
 */
export class Simulator {
  readonly #fleet: readonly SimulatedDevice[];
  readonly #random: Random;
  /** What is planted in the fleet; null for nothing. */
  readonly faults: Faults | null;
  /** Newest good message of a device whose messages have an id; of all devices where none has one. */
  readonly #repeatable = new Map<number, SimulatedRecord>();
  readonly #repeatableIndexes: number[] = [];
  #made = 0;
  #skippedMs = 0;

  constructor(private readonly options: SimulatorOptions) {
    const { devices, seed, shape, startMs, faultShare = 0 } = options;
    this.faults = faultShare > 0 ? new Faults(faultShare, seed, startMs) : null;
    this.#random = new Random(seed, -1);
    this.#fleet = Array.from({ length: devices }, (_, index) => {
      const own = shape === 'mixed' ? (shapes[index % shapes.length] ?? 'nested') : shape;
      return new SimulatedDevice(index, own, seed, startMs);
    });
    if (options.hasEarlyExcursion === true) this.#planEarlyExcursion();
  }

  /** Timestamp of the next record, epoch ms. */
  get nowMs(): number {
    return Math.floor(this.options.startMs + this.#skippedMs + this.#made * this.options.stepMs);
  }

  /** Time in which nothing is sent, e.g. while the machine slept. */
  skip(ms: number): void {
    this.#skippedMs += ms;
  }

  next(): SimulatedRecord {
    const timestampMs = this.nowMs;
    const device = this.#turnAt(timestampMs);
    this.#made += 1;
    const kind = this.#kind();
    switch (kind) {
      case 'good':
        return this.#good(device, timestampMs);
      case 'bad':
        return this.#bad(device, timestampMs);
      case 'future':
        return this.#at(device, timestampMs, timestampMs + Math.floor(this.#random.between(...aheadMs)), kind);
      case 'late':
        return this.#late(device, timestampMs) ?? this.#good(device, timestampMs);
      case 'duplicate':
        return this.#repeat(timestampMs) ?? this.#good(device, timestampMs);
    }
  }

  /** Whose turn it is. In place of one that is silent the next one that is not speaks. */
  #turnAt(timestampMs: number): SimulatedDevice {
    const { length } = this.#fleet;
    let first: SimulatedDevice | null = null;
    for (let i = 0; i < length; i += 1) {
      const device = this.#fleet[(this.#made + i) % length];
      if (device !== undefined && this.faults?.at(device, timestampMs)?.isSilence !== true) return device;
      first ??= device ?? null;
    }
    if (first === null) throw new RangeError('a fleet has at least one device');
    return first;
  }

  #kind(): RecordKind {
    const { bad, late, future, duplicate } = this.options.shares;
    let left = this.#random.next();
    if ((left -= bad) < 0) return 'bad';
    if ((left -= late) < 0) return 'late';
    if ((left -= future) < 0) return 'future';
    return left - duplicate < 0 ? 'duplicate' : 'good';
  }

  #good(device: SimulatedDevice, timestampMs: number): SimulatedRecord {
    const delay = Math.floor(this.#random.between(delayMs.least, delayMs.most));
    const atMs = Math.max(device.newestMs ?? 0, timestampMs - delay);
    device.newestMs = atMs;
    device.passTo(atMs);
    const record = this.#at(device, timestampMs, atMs, 'good');
    if (device.shape === 'envelope' || this.options.shape !== 'mixed') {
      if (!this.#repeatable.has(device.index)) this.#repeatableIndexes.push(device.index);
      this.#repeatable.set(device.index, record);
    }
    return record;
  }

  #at(device: SimulatedDevice, timestampMs: number, eventMs: number, kind: RecordKind): SimulatedRecord {
    const { key, shape } = device;
    device.fault = this.faults?.at(device, eventMs) ?? null;
    return { key, value: textOf(device, eventMs), timestampMs, shape, kind };
  }

  #bad(device: SimulatedDevice, timestampMs: number): SimulatedRecord {
    const { key, shape } = device;
    const chosen = badKinds[this.#random.whole(0, badKinds.length - 1)];
    return { key, value: chosen?.valueOf(device, timestampMs) ?? null, timestampMs, shape, kind: 'bad' };
  }

  /** Null while the device has sent nothing that it could be behind. */
  #late(device: SimulatedDevice, timestampMs: number): SimulatedRecord | null {
    if (device.newestMs === null) return null;
    const [least, most] = this.#random.next() < 0.5 ? lateMs.inTime : lateMs.tooLate;
    return this.#at(device, timestampMs, device.newestMs - this.#random.whole(least, most), 'late');
  }

  #repeat(timestampMs: number): SimulatedRecord | null {
    const index = this.#repeatableIndexes[this.#random.whole(0, this.#repeatableIndexes.length - 1)];
    const record = index === undefined ? undefined : this.#repeatable.get(index);
    return record === undefined ? null : { ...record, timestampMs, kind: 'duplicate' };
  }

  /** At a device whose turn comes when the excursion can be seen, however seldom each has its turn. */
  #planEarlyExcursion(): void {
    const { startMs, stepMs } = this.options;
    const first = Math.ceil(earlyMs.seen / stepMs);
    const periodMs = this.#fleet.length * stepMs;
    for (let i = 0; i < this.#fleet.length; i += 1) {
      const device = this.#fleet[(first + i) % this.#fleet.length];
      const isHot = device?.afflicted === 'temperature' && (device.shape !== 'nested' || device.type === 'temperature');
      if (!isHot) continue;
      const riseMs = earlyMs.seen - earlyMs.from;
      device.plan({ fromMs: startMs + earlyMs.from, riseMs, holdMs: 12_000 + periodMs, fallMs: 8_000 });
      return;
    }
  }
}
