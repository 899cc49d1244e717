import type { Texts } from './texts.js';

/** What a scalar is. */
export const kind = { null: 0, false: 1, true: 2, number: 3, text: 4 } as const;

/** The first slot stands for every member that is absent: it is always null. */
export const absent = 0;
export const mostSlots = 256;
/** In place of a slot: it is only made sure that a scalar is there. */
export const unwanted = -1;

/**
 * The scalars of the record that was read last, by slot. Of texts only where they lie: a string is made when it is asked for, and only
 * then is it known whether its bytes are UTF-8. Slots that the record's layout does not have hold what was there before.
 */
export class Scalars {
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly kinds = new Uint8Array(mostSlots);
  readonly numbers = new Float64Array(mostSlots);
  /** Where a scalar begins and ends, quotes included. */
  readonly starts = new Int32Array(mostSlots);
  readonly ends = new Int32Array(mostSlots);
  readonly #areAscii = new Uint8Array(mostSlots);
  readonly #members = new Array<Texts | null>(mostSlots).fill(null);

  open(bytes: Buffer): void {
    if (bytes === this.bytes) return;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  setText(slot: number, member: Texts, isAscii: boolean): void {
    this.kinds[slot] = kind.text;
    this.#areAscii[slot] = isAscii ? 1 : 0;
    this.#members[slot] = member;
  }

  setNumber(slot: number, value: number): void {
    this.kinds[slot] = kind.number;
    this.numbers[slot] = value;
  }

  /** The string in a slot; undefined when it is not UTF-8, null when none is there. */
  text(slot: number): string | null | undefined {
    if (this.kinds[slot] !== kind.text) return null;
    const [start = 0, end = 0] = [this.starts[slot], this.ends[slot]];
    return this.#members[slot]?.of(this.view, this.bytes, start + 1, end - 1, this.#areAscii[slot] === 1);
  }

  /** False when a text is there and is not UTF-8. */
  isUtf8(slot: number): boolean {
    return this.kinds[slot] !== kind.text || this.#areAscii[slot] === 1 || this.text(slot) !== undefined;
  }

  /** The string in a slot; null when none is there, or it is not UTF-8. */
  string(slot: number): string | null {
    return this.text(slot) ?? null;
  }

  /** The string in a slot that is not expected to come again, so that none is looked for; null when it is none, or not ASCII. */
  newAscii(slot: number): string | null {
    if (this.kinds[slot] !== kind.text || this.#areAscii[slot] === 0) return null;
    return this.bytes.toString('latin1', (this.starts[slot] ?? 0) + 1, (this.ends[slot] ?? 0) - 1);
  }

  /** The number in a slot; null when none is there. */
  number(slot: number): number | null {
    return this.kinds[slot] === kind.number ? (this.numbers[slot] ?? null) : null;
  }
}
