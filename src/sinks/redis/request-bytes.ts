const crlf = 0x0d_0a;
/** `$`, up to ten digits, two line ends. */
const mostFraming = 15;
/** UTF-8 needs at most that many bytes for one unit of a string. */
const mostBytesPerUnit = 3;
/** What is kept between calls; a call that needs more has its own. */
const keptBytes = 1 << 23;

let kept = Buffer.alloc(0);

/** Bytes to write into, to be copied out of before anything else is encoded. */
const scratch = (size: number): Buffer => {
  if (size > keptBytes) return Buffer.allocUnsafeSlow(size);
  if (kept.length < size) kept = Buffer.allocUnsafeSlow(Math.min(keptBytes, size * 2));
  return kept;
};

const digitsOf = (count: number): number => {
  let digits = 1;
  for (let rest = count; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  return digits;
};

/** `$`, the length, a line end: ahead of what is `length` bytes long. */
const writeHead = (bytes: Buffer, at: number, length: number, digits: number): void => {
  bytes[at] = 0x24;
  let rest = length;
  for (let place = at + digits; place > at; place -= 1) {
    bytes[place] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  bytes.writeUInt16BE(crlf, at + digits + 1);
};

/**
 * A request as Redis' protocol has it. Each text is written once, behind the room its length needs if it is ASCII, and moved when it
 * turned out longer: asking for the length beforehand would double the cost.
 */
export const requestBytes = (parts: readonly string[]): Buffer => {
  const head = `*${parts.length}\r\n`;
  let most = head.length;
  for (const part of parts) most += part.length * mostBytesPerUnit + mostFraming;
  const bytes = scratch(most);
  let at = bytes.write(head, 'latin1');
  for (const part of parts) {
    const expected = digitsOf(part.length);
    const writtenAt = at + expected + 3;
    const length = bytes.write(part, writtenAt);
    const digits = digitsOf(length);
    const textAt = at + digits + 3;
    if (digits !== expected) bytes.copyWithin(textAt, writtenAt, writtenAt + length);
    writeHead(bytes, at, length, digits);
    at = bytes.writeUInt16BE(crlf, textAt + length);
  }
  return Buffer.from(bytes.subarray(0, at));
};
