import type { MemberNames } from './member-names.js';
import { absent, mostSlots, unwanted } from './scalars.js';

/**
 * What stays the same in records of one kind: everything but the scalars between. Of the scalars some are wanted: they have a slot each, in the
 * order in which they come.
 */
export interface Layout {
  readonly scalars: readonly Place[];
  /** What follows the last scalar. */
  readonly tail: Uint8Array;
  readonly shape: Shape;
}

export interface Place {
  /** The bytes between the scalar before, or the beginning, and this one. */
  readonly before: Uint8Array;
  readonly slot: number;
  /** Which member it is of what is wanted; null when it is none, and its slot is `unwanted`. */
  readonly member: MemberNames | null;
}

/** What of the wanted there is: by name the slot of a scalar, or the object within. */
export type Shape = ReadonlyMap<string, number | Shape>;

/** The slot of a member; `absent` when there is none, or it is an object. */
export const slotOf = (shape: Shape, name: string): number => {
  const member = shape.get(name);
  return typeof member === 'number' ? member : absent;
};

/** The object that a member is; null when there is none, or it is a scalar. */
export const objectOf = (shape: Shape, name: string): Shape | null => {
  const member = shape.get(name);
  return typeof member === 'object' ? member : null;
};

/** As `JSON.parse` has it: a byte order mark within a name is part of it. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const quote = 0x22;
const backslash = 0x5c;

/**
 * The layout of a text that `JSON.parse` has accepted, with an object on top. Null when another text of the same layout might not mean
 * the same: a name that stands twice in one object, or is written with escapes. Null, too, when there are more scalars than slots.
 */
export const layoutOf = (json: Uint8Array, wanted: MemberNames): Layout | null => {
  // A copy: what is learned outlives the fetch, and slices of a Buffer would be views on it.
  const own = new Uint8Array(json);
  const walk = new Walk(own);
  const shape = walk.value(wanted);
  if (walk.isAmbiguous || walk.slots > mostSlots || typeof shape !== 'object' || shape === null) return null;
  return { scalars: walk.scalars, tail: own.slice(walk.begun), shape };
};

class Walk {
  readonly scalars: Place[] = [];
  isAmbiguous = false;
  /** Where the constant bytes under way begin. */
  begun = 0;
  slots = absent + 1;
  #at = 0;

  constructor(readonly json: Uint8Array) {}

  /** `wanted` null: neither this nor anything in it is. */
  value(wanted: MemberNames | null): number | Shape | null {
    this.#space();
    const first = this.json[this.#at];
    if (first === 0x7b) return this.#object(wanted);
    if (first === 0x5b) return this.#array();
    return this.#scalar(wanted);
  }

  #object(wanted: MemberNames | null): Shape | null {
    const members = new Map<string, number | Shape>();
    const names = new Set<string>();
    this.#open();
    while (!this.#closes(0x7d)) {
      const name = this.#name();
      if (names.has(name)) this.isAmbiguous = true;
      names.add(name);
      this.#space();
      this.#at += 1; // the colon
      const inner = wanted?.get(name) ?? null;
      const member = this.value(inner);
      if (inner !== null && member !== null) members.set(name, member);
      this.#space();
    }
    return wanted === null ? null : members;
  }

  #array(): null {
    this.#open();
    while (!this.#closes(0x5d)) {
      this.value(null);
      this.#space();
    }
    return null;
  }

  #open(): void {
    this.#at += 1;
    this.#space();
  }

  /** Passes the bracket that closes, or the comma before the next one. */
  #closes(bracket: number): boolean {
    const byte = this.json[this.#at];
    if (byte === bracket || byte === 0x2c) this.#at += 1;
    this.#space();
    return byte === bracket;
  }

  #name(): string {
    const start = this.#at;
    this.#text();
    const bytes = this.json.subarray(start + 1, this.#at - 1);
    if (bytes.includes(backslash)) this.isAmbiguous = true;
    return utf8.decode(bytes);
  }

  #scalar(wanted: MemberNames | null): number | null {
    const slot = wanted === null ? unwanted : this.slots++;
    this.scalars.push({ before: this.json.slice(this.begun, this.#at), slot, member: wanted });
    if (this.json[this.#at] === quote) this.#text();
    else while (isPlain(this.json[this.#at])) this.#at += 1;
    this.begun = this.#at;
    return wanted === null ? null : slot;
  }

  #text(): void {
    this.#at += 1;
    while (this.json[this.#at] !== quote) this.#at += this.json[this.#at] === backslash ? 2 : 1;
    this.#at += 1;
  }

  #space(): void {
    while (isSpace(this.json[this.#at])) this.#at += 1;
  }
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** A byte of a number, of `true`, `false` or `null`. */
const isPlain = (byte: number | undefined): boolean =>
  byte !== undefined && byte !== 0x2c && byte !== 0x7d && byte !== 0x5d && !isSpace(byte);
