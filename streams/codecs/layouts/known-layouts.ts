import { Constant } from './constant.js';
import type { RawRecord } from '../../model/raw-record.js';
import { type Layout, layoutOf, type Place } from './layout.js';
import type { MemberNames } from './member-names.js';
import { Scalars, unwanted } from './scalars.js';
import { Scanner } from './scanner.js';
import { Texts } from './texts.js';

/** A fleet has a few layouts; a stream in which each record has one of its own is not worth learning. */
const mostLayouts = 64;
/** So many lessons that taught nothing are put up with; after that one record in so many is looked at. */
const mostFruitless = 256;
const seldom = 1_024;
/** After so many records that no layout fitted, those known are of the past. */
const tooOld = 65_536;

/** What the scalars of a layout mean; undefined when they are not what they were taken for. */
export type Plan<A> = (scalars: Scalars) => A | undefined;

/** A constant, and what comes behind it: a scalar and further steps, or the end of the record and what it means. */
interface Step<A> {
  readonly bytes: Uint8Array;
  readonly constant: Constant;
  readonly slot: number;
  readonly texts: Texts;
  /** The longest constant first: a shorter one may be its beginning. */
  readonly next: Step<A>[];
  readonly plan: Plan<A> | null;
}

/**
 * Reads records whose layout was seen before without parsing them: a fleet sends the same few layouts for ever, and between the values their
 * bytes never change. The scalars are those that `JSON.parse` gives, of the wanted members; the plan of the layout makes the rest of
 * them. `undefined` when anything is not certain.
 *
 * Remembers nothing that a result depends on: with or without it, every record reads the same. Memory: 64 layouts, see
 * `Texts`, and the buffer of the last record.
 */
export class KnownLayouts<A> {
  readonly #first: Step<A>[] = [];
  readonly #scalars = new Scalars();
  readonly #scanner = new Scanner(this.#scalars);
  /** By member, in whatever layout it stands. */
  readonly #texts = new Map<MemberNames | null, Texts>();
  #layouts = 0;
  #misses = 0;
  #fruitless = 0;

  constructor(
    readonly wanted: MemberNames,
    readonly planOf: (layout: Layout) => Plan<A>,
  ) {}

  read(record: RawRecord): A | undefined {
    const scanner = this.#scanner;
    scanner.open(record);
    for (let steps = this.#first; ;) {
      const step = stepAt(steps, scanner);
      if (step === undefined) return undefined;
      if (step.plan !== null) return step.plan(this.#scalars);
      if (!scanner.scalar(step.slot, step.texts)) return undefined;
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

  /** False when it is known, and only some value in the record was not to be read. */
  #add(layout: Layout): boolean {
    const { scalars, tail } = layout;
    const steps = scalars.reduce((at, place) => (find(at, place) ?? this.#insert(at, place, null)).next, this.#first);
    if (steps.some((step) => step.plan !== null && isSame(step.bytes, tail))) return false;
    this.#insert(steps, { before: tail, slot: unwanted, member: null }, this.planOf(layout));
    return true;
  }

  #insert(steps: Step<A>[], { before, slot, member }: Place, plan: Plan<A> | null): Step<A> {
    const texts = this.#texts.get(member) ?? new Texts();
    this.#texts.set(member, texts);
    const step = { bytes: before, constant: new Constant(before), slot, texts, next: [], plan };
    const at = steps.findIndex(({ bytes }) => bytes.length < before.length);
    steps.splice(at < 0 ? steps.length : at, 0, step);
    return step;
  }

  #forget(): void {
    this.#first.length = 0;
    this.#texts.clear();
    this.#layouts = 0;
    this.#fruitless = 0;
  }
}

const stepAt = <A>(steps: readonly Step<A>[], scanner: Scanner): Step<A> | undefined => {
  for (let i = 0; i < steps.length; i += 1) {
    const step = steps[i];
    if (step !== undefined && scanner.passes(step.constant, step.plan !== null)) return step;
  }
  return undefined;
};

const find = <A>(steps: readonly Step<A>[], { before, slot }: Place): Step<A> | undefined =>
  steps.find((step) => step.plan === null && step.slot === slot && isSame(step.bytes, before));

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
