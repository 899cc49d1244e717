import * as t from 'io-ts';

// Names are what messages say was expected.

export interface FiniteBrand {
  readonly 'a finite number': unique symbol;
}

/** A number that is neither NaN nor infinite: `1e999` is valid JSON and reads as Infinity. */
export const Finite = t.brand(
  t.number,
  (value): value is t.Branded<number, FiniteBrand> => Number.isFinite(value),
  'a finite number',
);

export interface MessageIdBrand {
  readonly '1 to 256 characters': unique symbol;
}

/** Bounded, because ids are remembered by the thousand. */
export const MessageId = t.brand(
  t.string,
  (value): value is t.Branded<string, MessageIdBrand> => value.length > 0 && value.length <= 256,
  '1 to 256 characters',
);

/** Left out or null: Go leaves out what is empty, other producers write null. */
export const maybe = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC]> =>
  t.union([codec, t.null], `${codec.name} or null`);
