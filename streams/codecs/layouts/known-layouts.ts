import { Constant } from './constant.js';
import type { RawRecord } from '../../model/raw-record.js';
import { type Layout, layoutOf, type Place } from './layout.js';
import type { MemberNames } from './member-names.js';
import { type Maker, makerOf } from './maker.js';
import { type Scalar, Scanner } from './scanner.js';
import { Texts } from './texts.js';

/** A fleet has a few layouts; a stream in which each record has one of its own is not worth learning. */
const mostLayouts = 64;
/** So many lessons that taught nothing are put up with; after that one record in so many is looked at. */
const mostFruitless = 256;
const seldom = 1_024;
/** After so many records that no layout fitted, those known are of the past. */
const tooOld = 65_536;

/** A constant, and what comes behind it: a scalar and further steps, or the end of the record and the object it makes. */
interface Step {
  readonly constant: Constant;
  /** −1: not wanted. */
  readonly slot: number;
  readonly texts: Texts;
  /** The longest constant first: a shorter one may be its beginning. */
  readonly next: Step[];
  readonly make: Maker | null;
}

/**
 * Reads records whose layout was seen before without parsing them: a fleet sends the same few layouts for ever, and between the values their
 * bytes never change. What it gives is what `JSON.parse` gives, of the wanted members; `undefined` when it is not certain.
 *
 * Remembers nothing that a result depends on: with or without it, every record reads the same. Memory: 64 layouts, see
 * `Texts`, and the buffer of the last record.
 */
export class KnownLayouts {
  readonly #first: Step[] = [];
  readonly #scanner = new Scanner();
  readonly #values: Scalar[] = [];
  #layouts = 0;
  #misses = 0;
  #fruitless = 0;

  constructor(readonly wanted: MemberNames) {}

  read(record: RawRecord): Record<string, unknown> | undefined {
    const scanner = this.#scanner;
    scanner.open(record);
    for (let steps = this.#first; ;) {
      const step = stepAt(steps, scanner);
      if (step === undefined) return undefined;
      if (step.make !== null) return step.make(this.#values);
      const value = scanner.scalar(step.texts, step.slot >= 0);
      if (value === undefined) return undefined;
      if (step.slot >= 0) this.#values[step.slot] = value;
      steps = step.next;
    }
  }

  /** Of a record that was read by `JSON.parse` and found good. */
  learn(record: RawRecord): void {
    this.#misses += 1;
    if (this.#misses % tooOld === 0) this.#forget();
    const isTired = this.#fruitless >= mostFruitless && this.#misses % seldom !== 0;
    if (isTired || this.#layouts >= mostLayouts || record.value === null) return;
    const layout = layoutOf(record.value, this.wanted);
    if (layout !== null && this.#add(layout)) this.#layouts += 1;
    else this.#fruitless += 1;
  }

  /** False when it is known, and only some value in the record was not to be read; or when no code may be generated. */
  #add({ scalars, tail, shape }: Layout): boolean {
    const steps = scalars.reduce((at, place) => (find(at, place) ?? insert(at, place, null)).next, this.#first);
    if (steps.some((step) => step.make !== null && isSame(step.constant.bytes, tail))) return false;
    const make = makerOf(shape);
    if (make !== null) insert(steps, { before: tail, slot: -1 }, make);
    return make !== null;
  }

  #forget(): void {
    this.#first.length = 0;
    this.#layouts = 0;
    this.#fruitless = 0;
  }
}

const stepAt = (steps: readonly Step[], scanner: Scanner): Step | undefined => {
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i];
    if (step !== undefined && scanner.passes(step.constant, step.make !== null)) return step;
  }
  return undefined;
};

const find = (steps: readonly Step[], { before, slot }: Place): Step | undefined =>
  steps.find((step) => step.make === null && step.slot === slot && isSame(step.constant.bytes, before));

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

const insert = (steps: Step[], { before, slot }: Place, make: Maker | null): Step => {
  const step = { constant: new Constant(before), slot, texts: new Texts(), next: [], make };
  const at = steps.findIndex(({ constant }) => constant.length < before.length);
  steps.splice(at < 0 ? steps.length : at, 0, step);
  return step;
};
