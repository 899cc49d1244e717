import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32c } from '../../../../../src/sources/kafka/wire/crc32c.js';
import { encodedRecord } from '../../../../../src/sources/kafka/wire/record-encoder.js';

/** kafkajs' own, as they are before the patch: nothing in this file installs it. */
const load: (path: string) => unknown = createRequire(import.meta.url);
const stock = (path: string): ((input: unknown) => unknown) => {
  const found = load(path);
  if (typeof found !== 'function') throw new Error(`${path} exports no function`);
  return (input) => Reflect.apply(found, undefined, [input]) as unknown;
};

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 100 }), bytes);
const record = fc.record({
  offsetDelta: fc.nat(200_000),
  timestampDelta: fc.integer({ min: -(2 ** 45), max: 2 ** 45 }),
  key: fc.option(text),
  value: fc.option(text),
  headers: fc.dictionary(fc.string({ maxLength: 20 }), fc.oneof(text, fc.array(text, { maxLength: 3 })), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
});

it('encodes every record as kafkajs does', () => {
  const theirs = stock('kafkajs/src/protocol/recordBatch/record/v0/index.js');
  fc.assert(
    fc.property(record, (one) => {
      const { buf, buffer } = encodedRecord(one);
      expect(buffer).toEqual(Reflect.get(Object(theirs(one)), 'buffer'));
      expect(buf).toBe(buffer);
    }),
  );
  expect(encodedRecord({}).buffer).toEqual(Reflect.get(Object(theirs({})), 'buffer'));
});

it('gives the checksum that kafkajs does', () => {
  const theirs = stock('kafkajs/src/protocol/recordBatch/crc32C/index.js');
  fc.assert(fc.property(bytes, (one) => crc32c(one, 0, one.length) === theirs(one)));
});
