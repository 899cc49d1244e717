import { expect, it } from 'vitest';
import { RawRecord } from '../../../../streams/model/raw-record.js';
import { asOffset } from '../../../../streams/model/units.js';
import { deadLetterRing } from '../../../../src/sinks/memory/dead-letter-ring.js';

const source = { topic: 'device-data', partition: 2 };
const letter = (offset: number) => ({
  origin: RawRecord.of({ offset: asOffset(offset), timestampMs: 0, value: 'x' }),
  rejection: { _tag: 'not_json', message: 'not JSON' } as const,
});

it('keeps the last letters, oldest first, with where they came from', async () => {
  const ring = deadLetterRing({ capacity: 3 });
  await ring.write(source, [letter(1), letter(2)]);
  await ring.write(source, [letter(5), letter(8)]);
  expect(ring.letters().map((kept) => [kept.source, kept.origin.offset])).toEqual([
    [source, 2],
    [source, 5],
    [source, 8],
  ]);
  await expect(ring.health()).resolves.toEqual({ isReady: true, detail: '4 written, the last 3 kept' });
});
