const quotes = 0x22222222;
const backslashes = 0x5c5c5c5c;
const spaces = 0x20202020;
const ones = 0x01010101;
export const highBits = 0x80808080 | 0;
const lowBits = 0x7f7f7f7f;
/** What a space lacks of the high bit. */
const beforeSpaces = 0x60606060;

/**
 * The high bits of bytes that may not stand for themselves in a JSON text: quote, backslash, control. Of four bytes with the first one
 * lowest, the lowest bit set is right; higher ones may be set in error. The test for a byte that is zero, or less than another, in
 * a whole word at once (Warren, "Hacker's Delight", 6–1).
 */
export const specialsIn = (word: number): number => {
  const quote = word ^ quotes;
  const backslash = word ^ backslashes;
  return (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((word - spaces) & ~word)) & highBits;
};

/** All high bits if the four bytes are ASCII and may stand for themselves in a JSON text. */
export const plainIn = (word: number): number =>
  ((word ^ quotes) + lowBits) & ((word ^ backslashes) + lowBits) & (word + beforeSpaces) & ~word & highBits;

/** How many bytes lie below the lowest bit that is set. */
export const bytesBelow = (mask: number): number => (31 - Math.clz32(mask & -mask)) >> 3;

/** The next of a hash. Multiplying moves every bit upward, the shift down again: texts that differ in their last letter alone must not fall together. */
export const mixed = (hash: number): number => {
  const up = Math.imul(hash, 0x9e3779b1);
  return up ^ (up >>> 15);
};
