import { errorOfProduct, powersOfTen } from '../../numbers/exact.js';

/** As many decimal digits are exact in a double, whatever they are. */
export const exactDigits = 15;

/** Beyond the exact ones so many more are read as a number of their own. */
const mostMore = 4;

const pointByte = 0x2e;
const zero = 0x30;

/**
 * A decimal number of many digits as `Number` reads it: doubles are mostly written with sixteen or seventeen. `bytes` from `start` to `end` are
 * digits, and a point before the last `decimals` of them.
 */
export const longDecimal = (bytes: Buffer, start: number, end: number, decimals: number): number => {
  const fraction = end - decimals;
  const point = decimals === 0 ? end : fraction - 1;
  const whole = point - start;
  if (decimals === 0 && whole >= 8 && whole <= exactDigits) {
    return eightDigits(bytes, start) * (powersOfTen[whole - 8] ?? NaN) + fewDigits(bytes, start + 8, end);
  }
  if (whole > exactDigits - 8 || decimals < 8 || decimals > 8 + mostFew) return anyDecimal(bytes, start, end, decimals);
  // Exact, however many digits there are before the point.
  const head = fewDigits(bytes, start, point) * 1e8 + eightDigits(bytes, fraction);
  const tail = fewDigits(bytes, fraction + 8, end);
  const scale = powersOfTen[decimals - 8] ?? NaN;
  const divisor = powersOfTen[decimals] ?? NaN;
  if (whole + decimals <= exactDigits) return (head * scale + tail) / divisor;
  const quotient = quotientOf(head, scale, tail, divisor);
  return Number.isNaN(quotient) ? Number(bytes.toString('latin1', start, end)) : quotient;
};

/** So many digits fit in a word. */
const mostFew = 9;

const fewDigits = (bytes: Buffer, start: number, end: number): number => {
  let value = 0;
  for (let at = start; at < end; at += 1) value = (Math.imul(value, 10) + ((bytes[at] ?? zero) ^ zero)) | 0;
  return value;
};

const eightDigits = (bytes: Buffer, at: number): number =>
  Math.imul(fourDigits(bytes, at), 10_000) + fourDigits(bytes, at + 4);

/** Not one after the other, so that none waits for the one before. */
const fourDigits = (bytes: Buffer, at: number): number => {
  const thousands = (bytes[at] ?? zero) ^ zero;
  const hundreds = (bytes[at + 1] ?? zero) ^ zero;
  const tens = (bytes[at + 2] ?? zero) ^ zero;
  const ones = (bytes[at + 3] ?? zero) ^ zero;
  return Math.imul(thousands, 1_000) + Math.imul(hundreds, 100) + Math.imul(tens, 10) + ones;
};

const anyDecimal = (bytes: Buffer, start: number, end: number, decimals: number): number => {
  let head = 0;
  let tail = 0;
  let count = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === pointByte) continue;
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
 * (head · scale + tail) / divisor, rounded once; NaN when that is not certain. The error of the first quotient is worked out exactly, and the sum must round the same a little more or less of it.
 */
const quotientOf = (head: number, scale: number, tail: number, divisor: number): number => {
  const product = head * scale;
  const dividend = product + tail;
  const dividendError = errorOfProduct(product, head, scale) + (tail - (dividend - product));
  const quotient = dividend / divisor;
  const back = quotient * divisor;
  const missing = (dividend - back - errorOfProduct(back, quotient, divisor) + dividendError) / divisor;
  const less = missing * (1 - 1e-10);
  const more = missing * (1 + 1e-10);
  return quotient + less === quotient + more ? quotient + more : NaN;
};
