type Text = Buffer | string;

/** A record as kafkajs hands it to its encoder. */
export interface EncodableRecord {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key?: Text | null | undefined;
  readonly value?: Text | null | undefined;
  readonly headers?: Readonly<Record<string, Text | readonly Text[]>>;
}

/** What kafkajs takes for one of its own encoders, filled. */
export interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/** A number of varying length: zigzag, seven bits a byte. Up to 53 bits. */
const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);

const lengthOf = (value: number): number => {
  let length = 1;
  for (let rest = zigzag(value); rest > 127; rest = Math.floor(rest / 128)) length += 1;
  return length;
};

const write = (bytes: Buffer, start: number, value: number): number => {
  let at = start;
  let rest = zigzag(value);
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 128;
  bytes[at++] = rest;
  return at;
};

const textLength = (text: Text | null | undefined): number => (text == null ? -1 : Buffer.byteLength(text));
const spaceOf = (length: number): number => lengthOf(length) + Math.max(0, length);

const writeText = (bytes: Buffer, start: number, text: Text | null | undefined, length: number): number => {
  const at = write(bytes, start, length);
  if (typeof text === 'string') return at + bytes.write(text, at);
  return text == null ? at : at + text.copy(bytes, at);
};

/** A name with several values is written once for each. */
const headersOf = (headers: EncodableRecord['headers']): readonly Text[] =>
  headers === undefined
    ? []
    : Object.entries(headers).flatMap(([name, value]) =>
        typeof value === 'string' || Buffer.isBuffer(value) ? [name, value] : value.flatMap((one) => [name, one]),
      );

/** A record of a record batch (format version 2), in one buffer of its size; kafkajs' own makes half a kilobyte of zeros for each first. */
export const encodedRecord = ({
  offsetDelta = 0,
  timestampDelta = 0,
  key,
  value,
  headers,
}: EncodableRecord): Encoded => {
  const [keyLength, valueLength] = [textLength(key), textLength(value)];
  const texts = headersOf(headers);
  const count = texts.length / 2;
  let size = 1 + lengthOf(timestampDelta) + lengthOf(offsetDelta) + spaceOf(keyLength) + spaceOf(valueLength);
  size += lengthOf(count);
  for (const text of texts) size += spaceOf(textLength(text));
  const bytes = Buffer.allocUnsafe(lengthOf(size) + size);
  let at = write(bytes, 0, size);
  bytes[at++] = 0; // No attributes are defined.
  at = write(bytes, at, timestampDelta);
  at = write(bytes, at, offsetDelta);
  at = writeText(bytes, at, key, keyLength);
  at = writeText(bytes, at, value, valueLength);
  at = write(bytes, at, count);
  for (const text of texts) at = writeText(bytes, at, text, textLength(text));
  return { buf: bytes, buffer: bytes };
};
