/** Whether a range holds the same bytes as the whole of `known`. Four at a time. */
export const isSameRange = (known: DataView, view: DataView, start: number, end: number): boolean => {
  const length = known.byteLength;
  if (length !== end - start) return false;
  let at = 0;
  for (; at + 4 <= length; at += 4) if (known.getInt32(at) !== view.getInt32(start + at)) return false;
  for (; at < length; at += 1) if (known.getUint8(at) !== view.getUint8(start + at)) return false;
  return true;
};

const quotes = 0x22222222;
const backslashes = 0x5c5c5c5c;
const spaces = 0x20202020;
const ones = 0x01010101;
const highBits = 0x80808080;

/**
 * Whether four bytes of a JSON text are characters that stand for themselves: ASCII, no control, no quote, no backslash. The test for a
 * byte that is zero, or less than another, in a whole word at once (Warren, "Hacker's Delight", 6–1).
 */
export const arePlain = (word: number): boolean => {
  const quote = word ^ quotes;
  const backslash = word ^ backslashes;
  const odd = (word - spaces) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | word;
  return (odd & highBits) === 0;
};
