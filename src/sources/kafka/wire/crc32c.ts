const polynomial = 0x82f63b78;
const lanes = 16;

/** Sixteen tables of 256 checksums: table k holds the checksum of each byte followed by k zero bytes, so that sixteen are folded in one step. */
const tables = new Int32Array(lanes * 256);
/** The compiler can't know that no index leaves the tables; this costs less than a `DataView`, which is never out of bounds. */
const look = (index: number): number => tables[index] ?? 0;

for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  tables[byte] = crc;
}
for (let at = 256; at < tables.length; at++) {
  const shorter = look(at - 256);
  tables[at] = (shorter >>> 8) ^ look(shorter & 255);
}

/** The checksum's contribution of one word; `lane` is where the table begins of a byte that is followed by as many as follow the word. */
const fold = (lane: number, word: number): number =>
  look(lane + 768 + (word & 255)) ^
  look(lane + 512 + ((word >>> 8) & 255)) ^
  look(lane + 256 + ((word >>> 16) & 255)) ^
  look(lane + (word >>> 24));

/**
 * CRC-32C (Castagnoli) of `bytes[start, end)`, unsigned: the checksum of Kafka's record batches. The runtime's own `zlib.crc32` is another
 * polynomial.
 */
export const crc32c = (bytes: Buffer, start: number, end: number): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rest = end - ((end - start) % lanes);
  let crc = foldAll(view, start, rest);
  for (let at = rest; at < end; at++) crc = (crc >>> 8) ^ look((crc ^ view.getUint8(at)) & 255);
  return ~crc >>> 0;
};

/** By itself: code optimized while this loop is under way knows nothing of what would follow it, and is given up there again and again. */
const foldAll = (view: DataView, start: number, end: number): number => {
  let crc = -1;
  for (let at = start; at < end; at += lanes) {
    crc =
      fold(3072, crc ^ view.getInt32(at, true)) ^
      fold(2048, view.getInt32(at + 4, true)) ^
      fold(1024, view.getInt32(at + 8, true)) ^
      fold(0, view.getInt32(at + 12, true));
  }
  return crc;
};
