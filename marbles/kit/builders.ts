import { type Chunk, chunkOf, type Sourced } from '../../streams/model/chunk.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import type { TestSettings } from './settings.js';
import { type Flag, type Quality, Telemetry } from '../../streams/model/telemetry.js';
import { asOffset, type TopicPartition } from '../../streams/model/units.js';
import { PartitionState } from '../../streams/state/partition-state.js';
import { unknownProfile } from '../../streams/state/latest-memory.js';
import type { Profile } from '../../streams/model/device.js';
import { record, type RawParts } from './raw.js';

/** What a telemetry says; everything left out has a default. */
export interface TelemetryParts {
  /** `d1` */
  readonly device?: string;
  /** Event time, ms: the record's offset. */
  readonly atMs?: number;
  /** Kafka's timestamp: the event time. */
  readonly timestampMs?: number;
  /** By metric name: `{ temperature: 20 }`. A metric that is left out is absent. */
  readonly readings?: Readonly<Record<string, number>>;
  readonly messageId?: string | null;
  readonly quality?: Quality;
  readonly profile?: Profile;
  /** Claims of the rules that it broke. */
  readonly flags?: readonly Flag[];
}

/** Builds what flows through operators, all of it on one partition's state. Offsets count up from 0 in the order things are built. */
export class Builders {
  readonly state: PartitionState;
  #offset = 0;

  constructor(
    readonly settings: TestSettings,
    readonly source: TopicPartition = { topic: 'test', partition: 0 },
  ) {
    this.state = PartitionState.empty(source);
  }

  /** One telemetry with the record it came from. A number stands for its event time. */
  readonly telemetry = (said: TelemetryParts | number = {}): Sourced<Telemetry> => {
    const parts = typeof said === 'number' ? { atMs: said } : said;
    const offset = this.#offset;
    this.#offset += 1;
    const { atMs = offset, readings = { temperature: 20 }, messageId = null, quality = 'good' } = parts;
    const unknown = Object.keys(readings).find((name) => !this.settings.metrics.some((metric) => metric.name === name));
    if (unknown !== undefined) throw new Error(`there is no metric "${unknown}" in this test's settings`);
    const values = this.settings.metrics.map(({ name }) => readings[name] ?? NaN);
    const device = this.state.device(parts.device ?? 'd1');
    const profile = parts.profile ?? unknownProfile;
    const value = new Telemetry(device, atMs, values, null, quality, profile, messageId, 'nested');
    value.flags = parts.flags ?? null;
    return {
      value,
      origin: RawRecord.of({ offset: asOffset(offset), timestampMs: parts.timestampMs ?? atMs, value: '' }),
    };
  };

  /** Consecutive telemetries as one chunk. `chunk(1)` holds one record with event time 1. */
  readonly chunk = (...said: readonly (TelemetryParts | number)[]): Chunk<Telemetry> => {
    const records = said.map((parts) => this.telemetry(parts));
    return { ...chunkOf(this.source, [], asOffset(this.#offset)), records, read: records.length };
  };

  /** Consecutive raw records as one chunk, as a source emits it. */
  readonly rawChunk = (...said: readonly RawParts[]): Chunk<RawRecord> => {
    const records = said.map((parts) => {
      const offset = parts.offset ?? this.#offset;
      this.#offset = offset + 1;
      return record({ ...parts, offset });
    });
    return chunkOf(this.source, records, asOffset(this.#offset));
  };
}
