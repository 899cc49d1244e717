import * as t from 'io-ts';
import type { MetricSetting } from '../model/settings.js';
import { Finite, maybe } from './fields.js';

/** Members of a flat record that are read into a metric, where they are not named like it. First come, first read. */
const otherNames: Readonly<Record<string, readonly string[]>> = { battery: ['battery_level', 'battery'] };

/** The members of a flat record that may carry a metric. */
export const flatMembers = (metric: string): readonly string[] => otherNames[metric] ?? [metric];

/**
 * The flat legacy format: scalar readings, the location a string, an RFC 3339 timestamp. Read as it is, without transforms. The
 * timestamp is judged apart from the rest, because its faults have reasons of their own.
 */
export const flatCodec = (metrics: readonly MetricSetting[]) =>
  t.intersection(
    [
      t.type({ device_id: t.string }),
      t.partial({
        timestamp: t.unknown,
        device_type: maybe(t.string),
        location: maybe(t.string),
        status: maybe(t.string),
      }),
      t.partial(
        Object.fromEntries(metrics.flatMap(({ name }) => flatMembers(name)).map((name) => [name, maybe(Finite)])),
      ),
    ],
    'an object',
  );

export type FlatRecord = t.TypeOf<ReturnType<typeof flatCodec>>;
