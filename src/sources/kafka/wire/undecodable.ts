/** Bytes that are no record batch this adapter can read. The partition halts there; nothing behind it is skipped. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}
