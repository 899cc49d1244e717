import * as t from 'io-ts';

/** Null is not written, and what is absent is null. */
export const orAbsent = <A>(codec: t.Type<A>): t.Type<A | null> =>
  new t.Type(
    codec.name,
    (value): value is A | null => value === null || codec.is(value),
    (value, context) => (value == null ? t.success(null) : codec.validate(value, context)),
    t.identity,
  );
