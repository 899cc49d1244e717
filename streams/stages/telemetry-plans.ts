import { isLeft } from 'fp-ts/lib/Either.js';
import { MessageId } from '../codecs/fields.js';
import type { Formats } from '../codecs/formats.js';
import { acceptedKinds, areExpected, type Expected, expectedKinds } from '../codecs/layouts/expected-kinds.js';
import type { Plan } from '../codecs/layouts/known-layouts.js';
import { type Layout, objectOf, type Place, type Shape } from '../codecs/layouts/layout.js';
import type { Changing } from '../codecs/layouts/repeat-steps.js';
import { absent, type Scalars, unwanted } from '../codecs/layouts/scalars.js';
import { TimeBytes } from '../codecs/time-bytes.js';
import type { MetricRule } from '../rules/rules.js';
import { Telemetry } from '../model/telemetry.js';
import { latestMemory } from '../state/latest-memory.js';
import type { PartitionState } from '../state/partition-state.js';
import { checkedId } from './device-id.js';
import { flatParts } from './flat-parts.js';
import type { LayoutParts } from './layout-parts.js';
import { nestedParts } from './nested-parts.js';
import { Repeats } from './repeats.js';

/** What reads records of layouts seen before. */
export interface TelemetryPlans {
  /** Of a device and a layout that were seen before. */
  readonly repeats: Repeats;
  /** Of any device. What it reads, `repeats` reads the next time. */
  readonly planOf: (layout: Layout) => Plan<Telemetry>;
}

/**
 * How `Telemetry` is made of the scalars of a layout: the same that `parse` makes of what `JSON.parse` gives. A plan gives `undefined` for
 * whatever is not certain to be good.
 */
export const telemetryPlans = (
  metrics: readonly MetricRule[],
  formats: Formats,
  state: PartitionState,
): TelemetryPlans => {
  const latestOf = state.ofDevice(latestMemory(metrics));
  const times = new TimeBytes();
  const repeats = new Repeats(times, metrics.length, state);
  const noReadings = doubles(metrics.length);

  const planOf = (layout: Layout): Plan<Telemetry> => {
    const { scalars: places, shape } = layout;
    const parts = (isFlat(shape) ? flatParts : nestedParts)(shape, formats, metrics);
    const { format, id, messageId: message } = parts;
    const expected = expectedKinds(parts.codec, shape);
    const repetition = repeats.of(layout, parts, changingIn(parts, expected));
    const texts = places.map(({ slot }) => slot).filter((slot) => slot !== unwanted);

    return (scalars) => {
      if (!areExpected(expected, scalars) || !areUtf8(texts, scalars)) return undefined;
      const timeMs = parts.timeMs(scalars, times);
      const readings = noReadings.slice();
      if (Number.isNaN(timeMs) || !parts.read(scalars, readings)) return undefined;
      const messageId = message === absent ? null : scalars.newAscii(message);
      if (message !== absent && !MessageId.is(messageId)) return undefined;
      const name = scalars.string(id);
      if (name === null || isLeft(checkedId(name))) return undefined;
      const device = state.device(name);
      const says = parts.steady(scalars, latestOf(device).profile);
      if (says === undefined) return undefined;
      const profile = repetition === null ? says.profile : repeats.keep(scalars, repetition, device, says);
      return new Telemetry(device, timeMs, readings, says.units, says.quality, profile, messageId, format);
    };
  };

  return { repeats, planOf };
};

const isFlat = (shape: Shape): boolean =>
  !shape.has('message_id') && objectOf(shape, 'sensors') === null && objectOf(shape, 'location') === null;

/** What a scalar is if it changes from record to record of a device; null for those that say what a device is. */
const changingIn =
  ({ id, time, timeAs, messageId, places }: LayoutParts, expected: readonly Expected[]) =>
  ({ slot }: Place): Changing | null => {
    if (slot === id) return null;
    if (slot === time) return timeAs;
    if (slot === messageId) return { _tag: 'message id' };
    if (places.some((place) => place.slot === slot))
      return { _tag: 'value', slot, kinds: acceptedKinds(expected, slot) };
    return expected.some((each) => each.slot === slot) ? null : { _tag: 'other' };
  };

const areUtf8 = (slots: readonly number[], scalars: Scalars): boolean => {
  for (let i = 0; i < slots.length; i += 1) if (!scalars.isUtf8(slots[i] ?? absent)) return false;
  return true;
};

/** Of NaN, grown one by one: the engine knows then that all are doubles and none is missing, and so it does of copies. */
const doubles = (count: number): readonly number[] => {
  const all: number[] = [];
  for (let i = 0; i < count; i += 1) all.push(NaN);
  return all;
};
