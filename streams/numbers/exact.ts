/** Ten to the power of its index: exact up to here. */
export const powersOfTen: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** What `product` lacks of a · b (Dekker 1971, "A floating-point technique for extending the available precision"). */
export const errorOfProduct = (product: number, a: number, b: number): number => {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
};

/** The upper half of a double's bits. */
const upperHalf = (value: number): number => {
  const spread = value * 134_217_729;
  return spread - (spread - value);
};
