import type { RecordHeaders } from '../../../../streams/model/raw-record.js';
import type { DeadLetter, Rejection } from '../../../../streams/model/rejection.js';
import type { TopicPartition } from '../../../../streams/model/units.js';
import type { OutgoingRecord } from './sender.js';

/** Most bytes of a value, and of a key, that are kept of a letter too large for the topic. */
const keptValueBytes = 64 * 1024;
const keptKeyBytes = 1024;

/** What a rejected record becomes: its own key, value and headers, and Kafka Connect's error headers. */
export const letterOf = (source: TopicPartition, { origin, rejection }: DeadLetter): OutgoingRecord => ({
  key: origin.key,
  value: origin.value,
  headers: { ...origin.headers, ...errorHeaders(source, origin.offset, origin.timestampMs, rejection) },
});

/**
 * What is left of a letter that the topic doesn't take whole: the beginnings of key and value, without the record's own headers. The
 * record itself stays where the headers say, for as long as its topic keeps it.
 */
export const shortenedLetterOf = (source: TopicPartition, { origin, rejection }: DeadLetter): OutgoingRecord => ({
  key: origin.key?.subarray(0, keptKeyBytes) ?? null,
  value: origin.value?.subarray(0, keptValueBytes) ?? null,
  headers: {
    ...errorHeaders(source, origin.offset, origin.timestampMs, rejection),
    '__connect.errors.truncated': Buffer.from(String(origin.valueLength)),
  },
});

const errorHeaders = (
  { topic, partition }: TopicPartition,
  offset: number,
  timestampMs: number,
  rejection: Rejection,
): RecordHeaders => ({
  '__connect.errors.topic': Buffer.from(topic),
  '__connect.errors.partition': Buffer.from(String(partition)),
  '__connect.errors.offset': Buffer.from(String(offset)),
  '__connect.errors.timestamp': Buffer.from(String(timestampMs)),
  '__connect.errors.stage': Buffer.from(stageOf(rejection)),
  '__connect.errors.exception.class.name': Buffer.from(rejection._tag),
  '__connect.errors.exception.message': Buffer.from(messageOf(rejection)),
});

/** Most messages name the path themselves, and no letter says it twice. */
const messageOf = (rejection: Rejection): string =>
  'path' in rejection && !rejection.message.startsWith(rejection.path)
    ? `${rejection.path}: ${rejection.message}`
    : rejection.message;

/** Which step of the pipeline rejects with that tag. */
const stageOf = (rejection: Rejection): string => {
  switch (rejection._tag) {
    case 'empty':
    case 'not_json':
    case 'truncated':
    case 'invalid_utf8':
    case 'not_object':
    case 'too_deep':
    case 'too_large':
    case 'forbidden_key':
    case 'schema':
    case 'bad_id':
    case 'ts_missing':
    case 'ts_unit':
    case 'tz_missing':
      return 'parse';
    case 'invalid':
      return 'check';
    case 'out_of_range':
    case 'unknown_unit':
    case 'ts_future':
    case 'ts_past':
      return 'validate';
    case 'late':
      return 'watermark';
    case 'faulted':
      return rejection.stage;
  }
};

/** About how many bytes it takes in a batch. */
export const bytesOf = ({ key, value, headers }: OutgoingRecord): number =>
  32 +
  lengthOf(key) +
  lengthOf(value) +
  Object.entries(headers ?? {}).reduce((sum, [name, held]) => sum + name.length + 4 + headerBytes(held), 0);

const lengthOf = (part: Buffer | string | null): number => (part === null ? 0 : Buffer.byteLength(part));

const headerBytes = (held: Buffer | readonly Buffer[] | null): number =>
  held === null ? 0 : Buffer.isBuffer(held) ? held.length : held.reduce((sum, one) => sum + one.length, 0);
