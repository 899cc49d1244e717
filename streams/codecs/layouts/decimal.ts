/** Ten to the power of its index: exact up to here. */
export const powersOfTen: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** As many decimal digits are exact in a double, whatever they are. */
export const exactDigits = 15;

/** Beyond the exact ones so many more are read as a number of their own. */
const mostMore = 4;

const point = 0x2e;
const zero = 0x30;

/**
 * A decimal number of more digits than are exact, as `Number` reads it: doubles are mostly written with sixteen or seventeen. `bytes` from
 * `start` to `end` are digits, and a point before the last `decimals` of them.
 */
export const longDecimal = (bytes: Buffer, start: number, end: number, decimals: number): number => {
  let head = 0;
  let tail = 0;
  let count = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === point) continue;
    if (count < exactDigits) head = head * 10 + byte - zero;
    else tail = tail * 10 + byte - zero;
    count += 1;
  }
  const more = count - exactDigits;
  const quotient =
    more > mostMore || decimals >= powersOfTen.length
      ? NaN
      : quotientOf(head, powersOfTen[Math.max(0, more)] ?? NaN, tail, powersOfTen[decimals] ?? NaN);
  return Number.isNaN(quotient) ? Number(bytes.toString('latin1', start, end)) : quotient;
};

/**
 * (head · scale + tail) / divisor, rounded once; NaN when that is not certain. The error of the first quotient is worked out exactly (Dekker, "A
 * floating-point technique for extending the available precision"), and the sum must round the same a little more or less of it.
 */
const quotientOf = (head: number, scale: number, tail: number, divisor: number): number => {
  const product = head * scale;
  const dividend = product + tail;
  const dividendError = errorOfProduct(product, head, scale) + (tail - (dividend - product));
  const quotient = dividend / divisor;
  const back = quotient * divisor;
  const missing = (dividend - back - errorOfProduct(back, quotient, divisor) + dividendError) / divisor;
  const [less, more] = [missing * (1 - 1e-10), missing * (1 + 1e-10)];
  return quotient + less === quotient + more ? quotient + more : NaN;
};

/** What `product` lacks of a · b. */
const errorOfProduct = (product: number, a: number, b: number): number => {
  const aHigh = high(a);
  const bHigh = high(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
};

/** The upper half of a double's bits. */
const high = (value: number): number => {
  const spread = value * 134_217_729;
  return spread - (spread - value);
};
