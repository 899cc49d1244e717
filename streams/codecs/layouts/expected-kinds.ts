import type * as t from 'io-ts';
import type { Shape } from './layout.js';
import { kind, type Scalars } from './scalars.js';

/** A slot, and the kinds that a codec accepts there: one bit each, by number of the kind. */
export interface Expected {
  readonly slot: number;
  readonly kinds: number;
}

/** One scalar of each kind. */
const samples: readonly (readonly [kind: number, sample: unknown])[] = [
  [kind.null, null],
  [kind.false, false],
  [kind.true, true],
  [kind.number, 1],
  [kind.text, 'x'],
];

/**
 * What a codec looks at in a layout of which it has accepted one record. Refinements of texts are left out; the only one of numbers, that they are
 * finite, is true of all that are read.
 */
export const expectedKinds = (codec: t.Mixed, shape: Shape): readonly Expected[] => {
  const expected: Expected[] = [];
  collect(codec, shape, expected);
  return expected;
};

/** The kinds that the codec accepts in a slot. */
export const acceptedKinds = (expected: readonly Expected[], slot: number): number =>
  expected.reduce((bits, each) => (each.slot === slot ? bits & each.kinds : bits), -1);

/** Whether the codec accepts the scalars of another record of that layout. */
export const areExpected = (expected: readonly Expected[], { kinds }: Scalars): boolean => {
  for (let i = 0; i < expected.length; i += 1) {
    const each = expected[i];
    if (each !== undefined && ((each.kinds >> (kinds[each.slot] ?? 0)) & 1) === 0) return false;
  }
  return true;
};

const collect = (codec: t.Mixed, shape: Shape, into: Expected[]): void => {
  const node = codec as t.Mixed & { readonly _tag?: string; readonly props?: t.Props; readonly type?: t.Mixed; readonly types?: readonly t.Mixed[] }; // prettier-ignore
  for (const [name, type] of Object.entries(node.props ?? {})) {
    const member = shape.get(name);
    if (typeof member === 'number') expect(member, type, into);
    else if (member !== undefined) collect(type, member, into);
  }
  for (const part of node.types ?? []) collect(part, shape, into);
  if (node._tag === 'RefinementType' && node.type !== undefined) collect(node.type, shape, into);
};

const expect = (slot: number, type: t.Mixed, into: Expected[]): void => {
  const kinds = samples.reduce((bits, [of, sample]) => (type.is(sample) ? bits | (1 << of) : bits), 0);
  into.push({ slot, kinds });
};
