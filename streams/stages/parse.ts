import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js';
import { otherMessageTypes } from '../codecs/envelope.js';
import { explain, shown } from '../codecs/explain.js';
import { flatMembers, type FlatRecord } from '../codecs/flat.js';
import { formatsOf } from '../codecs/formats.js';
import { isObject, readJsonBody } from '../codecs/json-body.js';
import { KnownLayouts } from '../codecs/layouts/known-layouts.js';
import { type Reader, readerOf } from '../codecs/reader.js';
import type * as t from 'io-ts';
import type { RawRecord } from '../model/raw-record.js';
import type { Rejection, Skip } from '../model/rejection.js';
import type { PipelineSettings } from '../rules/settings.js';
import type { Stage } from '../model/stage.js';
import type { Telemetry } from '../model/telemetry.js';
import type { PartitionState } from '../state/partition-state.js';
import { telemetryMaker } from './telemetry-of.js';
import { telemetryPlans } from './telemetry-plans.js';

type Body = Record<string, unknown>;
type Parsed = Either<Rejection | Skip, Telemetry>;

/**
 * Reads a record's value as one of the three formats, told apart by structure: `message_id` makes an envelope, a `sensors` or
 * `location` object makes a nested record, a reading or a `location` text makes a flat one. Gives `Telemetry`, whose readings are as written and not
 * converted yet; a tombstone, or an envelope without telemetry, is a `Skip`. Never throws.
 */
export const parse = (
  settings: Pick<PipelineSettings, 'metrics' | 'limits'>,
  state: PartitionState,
): Stage<RawRecord, Telemetry> => {
  const { metrics, limits } = settings;
  const make = telemetryMaker(metrics, state);
  const formats = formatsOf(metrics);
  const { flat, nested, envelope, head, members } = formats;
  const { repeats, planOf } = telemetryPlans(metrics, formats, state);
  const layouts = new KnownLayouts(members, planOf);
  const readings = metrics.flatMap(({ name }) => flatMembers(name)).map(readerOf);

  const ofEnvelope = (body: Body): Parsed => {
    if (envelope.accepts(body) && body.message_type === 'device_data') {
      return make.ofNested(body.payload.device, { messageId: body.message_id });
    }
    if (!head.accepts(body)) return refused(head.codec, body);
    if (otherMessageTypes.has(body.message_type))
      return left({ _tag: 'not_telemetry', messageType: body.message_type });
    if (body.message_type === 'device_data') return refused(envelope.codec, body);
    return schema('message_type', `message_type: ${shown(body.message_type)} is not known`);
  };

  const ofBody = (body: Body): Parsed => {
    if ('message_id' in body) return ofEnvelope(body);
    if (isObject(body['sensors']) || isObject(body['location'])) {
      return nested.accepts(body) ? make.ofNested(body, null) : refused(nested.codec, body);
    }
    if (flat.accepts(body)) {
      return hasReading(body, readings)
        ? make.ofFlat(body)
        : schema('', 'no message_id, no sensors, no known reading: none of the three formats');
    }
    return refused(flat.codec, body);
  };

  return (record) => {
    if (record.isTombstone) return left({ _tag: 'tombstone' });
    // The short way is for what is good; whatever is not is judged by what the record really holds.
    const known =
      record.valueLength > limits.maxValueBytes ? undefined : (repeats.read(record) ?? layouts.read(record));
    if (known !== undefined) return right(known);
    const read = readJsonBody(record, limits);
    if (isLeft(read)) return read;
    const parsed = ofBody(read.right);
    if (isRight(parsed)) layouts.learn(record);
    return parsed;
  };
};

const schema = (path: string, message: string): Parsed => left({ _tag: 'schema', path, message });

const refused = (codec: t.Mixed, body: Body): Parsed => {
  const { path, message } = explain(codec, body) ?? { path: '', message: 'the compiled check and the codec disagree' };
  return schema(path, message);
};

const hasReading = (body: FlatRecord, readers: readonly Reader[]): boolean => {
  for (let i = 0; i < readers.length; i += 1) if (typeof readers[i]?.(body) === 'number') return true;
  return false;
};
