import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { zstdReady } from '../../../../../src/sources/kafka/wire/compression/zstd.js';
import { RecordSetReader } from '../../../../../src/sources/kafka/wire/record-set.js';
import { asOffset } from '../../../../../streams/model/units.js';

/**
 * What a broker answered with after the Java client 4.1.0 had written, with each codec, 600 records with `linger.ms` 200: xerial
 * snappy, lz4 frames, zstd frames that do not say how large they become.
 */
const bytesOf = (codec: string): Buffer => readFileSync(new URL(`java/${codec}.batch`, import.meta.url));

const expected = Array.from({ length: 600 }, (_, i) => ({
  offset: i,
  timestampMs: 1_700_000_000_000 + i,
  key: i % 5 === 0 ? null : `dev-${i % 7}`,
  value: i % 50 === 49 ? null : `{"device_id":"dev-${i % 7}","seq":${i},"text":"température °C"}`,
  headers: i % 3 === 0 ? { trace: Buffer.from(`t${i}`) } : {},
}));

describe('what the Java producer writes', () => {
  beforeAll(zstdReady);

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('is read as it was written: %s', (codec) => {
    const bytes = bytesOf(codec);
    const reader = new RecordSetReader({ bytes, aborted: [] }, { from: asOffset(0), maxBatchBytes: 200_000 });
    const seen = reader.take(1_000).map(({ offset, timestampMs, key, value, headers }) => ({
      offset,
      timestampMs,
      key: key?.toString() ?? null,
      value: value?.toString() ?? null,
      headers,
    }));
    expect(reader.fault).toBeNull();
    expect(seen).toEqual(expected);
    expect(reader.next).toBe(600);
    // Really compressed: otherwise this would say nothing about codecs.
    expect(bytes.length).toBeLessThan(20_000);
  });
});
