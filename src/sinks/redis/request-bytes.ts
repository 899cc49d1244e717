const crlf = 0x0d_0a;
const dollar = 0x24;
/** `$`, up to ten digits, two line ends. */
const mostFraming = 15;
/** UTF-8 needs at most that many bytes for one unit of a string. */
const mostBytesPerUnit = 3;
/** Up to here characters one by one are faster than a call into the engine. */
const shortText = 32;
/** Room for the number of parts, the name of a command and a digest; what is longer is put in front by copying all. */
const headRoom = 128;

const digitsOf = (count: number): number => {
  let digits = 1;
  for (let rest = count; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  return digits;
};

/** Parts of a request as Redis' protocol has them, each with its length in front; what comes first is put in front of them at the end. */
export class RequestBytes {
  #bytes: Buffer;
  #at = headRoom;
  #count = 0;

  /** `expected`: how many bytes there will be about. */
  constructor(expected = 1_024) {
    this.#bytes = Buffer.allocUnsafeSlow(headRoom + expected);
  }

  /**
   * A text is written once, behind the room that its length needs if it is ASCII, and moved when it turned out longer: asking for the length beforehand
   * would double the cost.
   */
  text(part: string): this {
    this.#reserve(part.length * mostBytesPerUnit + mostFraming);
    const bytes = this.#bytes;
    const expected = digitsOf(part.length);
    const writtenAt = this.#at + expected + 3;
    const length = writeText(bytes, writtenAt, part);
    const digits = digitsOf(length);
    if (digits !== expected) bytes.copyWithin(this.#at + digits + 3, writtenAt, writtenAt + length);
    this.#frame(length, digits);
    return this;
  }

  /** What is encoded already. */
  range(from: Buffer, start: number, end: number): this {
    const length = end - start;
    this.#reserve(length + mostFraming);
    const digits = digitsOf(length);
    from.copy(this.#bytes, this.#at + digits + 3, start, end);
    this.#frame(length, digits);
    return this;
  }

  /** The whole request, with these parts in front of those written so far. It may be asked for again, with others in front. */
  behind(...parts: readonly string[]): Buffer {
    const framed = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
    const head = Buffer.from(`*${parts.length + this.#count}\r\n${framed.join('')}`);
    if (head.length > headRoom) return Buffer.concat([head, this.#bytes.subarray(headRoom, this.#at)]);
    head.copy(this.#bytes, headRoom - head.length);
    return this.#bytes.subarray(headRoom - head.length, this.#at);
  }

  /** `$`, the length and a line end in front of a part that lies there already, and a line end behind it. */
  #frame(length: number, digits: number): void {
    const bytes = this.#bytes;
    bytes[this.#at] = dollar;
    let rest = length;
    for (let place = this.#at + digits; place > this.#at; place -= 1) {
      bytes[place] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    const textAt = bytes.writeUInt16BE(crlf, this.#at + digits + 1);
    this.#at = bytes.writeUInt16BE(crlf, textAt + length);
    this.#count += 1;
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(2 * (this.#at + count));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}

/** Gives how many bytes it has. */
const writeText = (bytes: Buffer, start: number, text: string): number => {
  if (text.length > shortText) return bytes.write(text, start);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return bytes.write(text, start);
    bytes[start + i] = code;
  }
  return text.length;
};
