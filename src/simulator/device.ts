import { Random } from './random.js';
import { type Excursion, Signal, signalKinds, type SignalName, strength } from './signal.js';

/** The wire formats in use. */
export type Shape = 'nested' | 'flat' | 'envelope';

export const shapes: readonly Shape[] = ['nested', 'flat', 'envelope'];

/** What a device of the nested format has: one sensor, after which its type is named. */
export const nestedTypes = ['temperature', 'humidity', 'pressure', 'switch', 'current'] as const;
export type NestedType = (typeof nestedTypes)[number];

const signalNames = Object.keys(signalKinds) as SignalName[];
const hourMs = 3_600_000;
const meanBetweenExcursionsMs = 6 * hourMs;

/** What makes a sensor say something else than it should. */
export interface Bend {
  bent(value: number, atMs: number): number;
}

/** A device with a life of its own: all its chance hangs on the seed and its number, its message ids on the start too. */
export class SimulatedDevice {
  readonly id: string;
  readonly key: string;
  readonly type: NestedType;
  readonly random: Random;
  /** What its message ids are made of; of another start others, or a second run would repeat the messages of the first. */
  readonly ids: Random;
  /** Event time of its newest good record, epoch ms; null before the first. */
  newestMs: number | null = null;
  isOn = false;
  /** What was planted at it, at the moment of the record being made. */
  fault: Bend | null = null;
  /** The part of its records that never changes, once it has been written. */
  fixedText: string | null = null;
  /** Made when first read: most devices have one. */
  readonly #signals: Partial<Record<SignalName, Signal>> = {};
  #batteryPercent: number;
  #readMs: number | null = null;
  #excursion: Excursion | null = null;

  constructor(
    readonly index: number,
    readonly shape: Shape,
    seed: number,
    startMs: number,
  ) {
    const random = new Random(seed, index);
    this.random = random;
    this.ids = new Random(seed, index, Math.floor(startMs / 0x1_0000_0000), startMs);
    this.id = `device_${String(index + 1).padStart(shape === 'nested' ? 4 : 3, '0')}`;
    this.type = nestedTypes[index % nestedTypes.length] ?? 'temperature';
    this.key = shape === 'nested' ? `${this.id}_${this.type}` : this.id;
    this.#batteryPercent = random.between(45, 100);
  }

  /** What its excursions show in: its only sensor, or one of several. */
  get afflicted(): SignalName {
    const { type } = this;
    return this.shape === 'nested'
      ? type === 'switch'
        ? 'temperature'
        : type
      : (signalNames[this.index % 2] ?? 'temperature');
  }

  /** Lets time pass until the next reading, which may find the device in trouble. */
  passTo(atMs: number): void {
    const passedMs = Math.max(0, atMs - (this.#readMs ?? atMs));
    this.#readMs = atMs;
    // A battery lasts about four days, then somebody changes it.
    this.#batteryPercent -= passedMs / hourMs;
    if (this.#batteryPercent < 25) this.#batteryPercent = 100;
    if (this.random.next() < Math.min(0.5, passedMs / 600_000)) this.isOn = !this.isOn;
    const isOver = this.#excursion === null || (atMs > this.#excursion.fromMs && strength(this.#excursion, atMs) === 0);
    if (isOver && this.random.next() < passedMs / meanBetweenExcursionsMs) {
      const { random } = this;
      this.plan({
        fromMs: atMs,
        riseMs: random.between(5_000, 60_000),
        holdMs: random.between(20_000, 180_000),
        fallMs: random.between(10_000, 120_000),
      });
    }
  }

  plan(excursion: Excursion): void {
    this.#excursion = excursion;
  }

  read(name: SignalName, atMs: number): number {
    const signal = (this.#signals[name] ??= new Signal(signalKinds[name], this.random));
    if (name !== this.afflicted) return signal.read(atMs, 0);
    const value = signal.read(atMs, this.troubleAt(atMs));
    return this.fault === null ? value : this.fault.bent(value, atMs);
  }

  /** How much of an excursion it is in: 0 to 1. */
  troubleAt(atMs: number): number {
    return this.#excursion === null ? 0 : strength(this.#excursion, atMs);
  }

  get batteryPercent(): number {
    return this.#batteryPercent;
  }
}
