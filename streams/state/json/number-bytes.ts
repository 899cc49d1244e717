import { errorOfProduct, powersOfTen } from '../../numbers/exact.js';

/** No number is longer. */
export const mostDigits = 32;

const [minus, point, zero] = [0x2d, 0x2e, 0x30];

/** The two digits of every number below a hundred, as they lie in memory. */
const pairs = Uint16Array.from({ length: 100 }, (_, two) => (zero + Math.floor(two / 10)) | ((zero + (two % 10)) << 8));

const partsOfTen = Float64Array.from({ length: 8 }, (_, exponent) => Number(`1e-${exponent}`));
const half = 1e8;

/**
 * Writes a number as JSON, and gives where it ends; `mostDigits` bytes must be there. Read again it is the same double: fifteen digits are written at most
 * when a division that rounds once says that they are enough, seventeen otherwise, which always are (Steele and White 1990, "How to print floating-point
 * numbers accurately"). What is very small or large is left to the engine. −0 is 0, and what is not finite is null.
 */
export const writeNumber = (view: DataView, start: number, value: number): number => {
  if (value >= 0) return writeSize(view, start, value);
  if (!(value > -Infinity)) return writeText(view, start, 'null');
  view.setUint8(start, minus);
  return writeSize(view, start + 1, -value);
};

const writeSize = (view: DataView, at: number, size: number): number => {
  const whole = size | 0;
  if (whole === size) return writeWhole(view, at, whole);
  if (size < 1e7) {
    const hundredths = Math.round(size * 100);
    if (hundredths / 100 === size) return writeHundredths(view, at, hundredths);
  } else if (size < 1e15 && Math.floor(size) === size) return writeLong(view, at, size);
  if (size >= 1e-6 && size < 1e15) return writeDigits(view, at, size);
  return writeText(view, at, size === Infinity ? 'null' : String(size));
};

const writeText = (view: DataView, start: number, text: string): number => {
  for (let i = 0; i < text.length; i += 1) view.setUint8(start + i, text.charCodeAt(i));
  return start + text.length;
};

/** A whole number below 2³¹. */
const writeWhole = (view: DataView, start: number, whole: number): number => {
  const end = start + digitsOf(whole);
  let at = end;
  let rest = whole;
  while (rest >= 100) {
    const hundredth = (rest / 100) | 0;
    at -= 2;
    view.setUint16(at, pairs[rest - hundredth * 100] ?? 0, true);
    rest = hundredth;
  }
  if (rest < 10) view.setUint8(start, zero + rest);
  else view.setUint16(start, pairs[rest] ?? 0, true);
  return end;
};

const digitsOf = (whole: number): number => {
  if (whole < 10_000) return whole < 100 ? (whole < 10 ? 1 : 2) : whole < 1_000 ? 3 : 4;
  if (whole < 100_000_000) return whole < 1_000_000 ? (whole < 100_000 ? 5 : 6) : whole < 10_000_000 ? 7 : 8;
  return whole < 1_000_000_000 ? 9 : 10;
};

/** Eight digits, with zeros in front. */
const writeEight = (view: DataView, at: number, whole: number): void => {
  const high = (whole / 10_000) | 0;
  const low = whole - high * 10_000;
  const [first, third] = [(high / 100) | 0, (low / 100) | 0];
  view.setUint16(at, pairs[first] ?? 0, true);
  view.setUint16(at + 2, pairs[high - first * 100] ?? 0, true);
  view.setUint16(at + 4, pairs[third] ?? 0, true);
  view.setUint16(at + 6, pairs[low - third * 100] ?? 0, true);
};

/** A whole number from 2³¹ to 10¹⁵: times, above all. */
const writeLong = (view: DataView, start: number, whole: number): number => {
  const high = Math.floor(whole / half);
  const highEnd = writeWhole(view, start, high | 0);
  writeEight(view, highEnd, (whole - high * half) | 0);
  return highEnd + 8;
};

const writeHundredths = (view: DataView, start: number, hundredths: number): number => {
  const whole = (hundredths / 100) | 0;
  const end = writeWhole(view, start, whole);
  const rest = hundredths - whole * 100;
  view.setUint8(end, point);
  view.setUint16(end + 1, pairs[rest] ?? 0, true);
  return rest % 10 === 0 ? end + 2 : end + 3;
};

/** Of a size from 10⁻⁶ to 10¹⁵. */
const writeDigits = (view: DataView, start: number, size: number): number => {
  // Such that size · 10^decimals has fifteen digits before its point.
  let decimals = 14;
  while (size >= (powersOfTen[15 - decimals] ?? 0)) decimals -= 1;
  while (size < (partsOfTen[decimals - 14] ?? 0)) decimals += 1;
  const scale = powersOfTen[decimals] ?? NaN;
  const fifteen = Math.round(size * scale);
  if (fifteen / scale === size) {
    const high = Math.floor(fifteen / half);
    return writeHalves(view, start, high | 0, (fifteen - high * half) | 0, decimals);
  }
  const exact = powersOfTen[decimals + 2] ?? NaN;
  const seventeen = size * exact;
  const high = Math.floor(seventeen / half);
  const low = seventeen - high * half + Math.round(errorOfProduct(seventeen, size, exact));
  const carry = low < 0 ? -1 : low >= half ? 1 : 0;
  return writeHalves(view, start, (high + carry) | 0, (low - carry * half) | 0, decimals + 2);
};

/** (high · 10⁸ + low) / 10^decimals; zeros at the end of a fraction are left out. */
const writeHalves = (view: DataView, start: number, high: number, low: number, decimals: number): number => {
  const highDigits = digitsOf(high);
  const wholeDigits = highDigits + 8 - decimals;
  // Behind the place of the point, in front of which the whole digits are moved then.
  let from = start + 1;
  if (wholeDigits <= 0) {
    view.setUint8(start, zero);
    for (from = start + 2; from < start + 2 - wholeDigits; from += 1) view.setUint8(from, zero);
  }
  const lowFrom = writeWhole(view, from, high);
  writeEight(view, lowFrom, low);
  for (let at = start; at < start + wholeDigits; at += 1) view.setUint8(at, view.getUint8(at + 1));
  view.setUint8(start + Math.max(1, wholeDigits), point);
  let end = lowFrom + 8;
  while (view.getUint8(end - 1) === zero) end -= 1;
  return view.getUint8(end - 1) === point ? end - 1 : end;
};
