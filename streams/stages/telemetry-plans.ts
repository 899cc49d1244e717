import { isLeft } from 'fp-ts/lib/Either.js';
import { MessageId } from '../codecs/fields.js';
import type { Formats } from '../codecs/formats.js';
import { areExpected, expectedKinds } from '../codecs/layouts/expected-kinds.js';
import type { Plan } from '../codecs/layouts/known-layouts.js';
import { type Layout, objectOf, type Shape } from '../codecs/layouts/layout.js';
import { absent, type Scalars, unwanted } from '../codecs/layouts/scalars.js';
import { Stretches } from '../codecs/layouts/stretches.js';
import type { Text } from '../codecs/layouts/texts.js';
import { TimeBytes } from '../codecs/time-bytes.js';
import type { Device, Profile } from '../model/device.js';
import type { MetricRule } from '../rules/rules.js';
import { Telemetry } from '../model/telemetry.js';
import { latestMemory } from '../state/latest-memory.js';
import type { PartitionState } from '../state/partition-state.js';
import { checkedId } from './device-id.js';
import { flatParts } from './flat-parts.js';
import type { LayoutParts, Steady } from './layout-parts.js';
import { nestedParts } from './nested-parts.js';

/** The handle of a device, and what its records said of what seldom changes: of each layout the last. */
interface Seen {
  readonly device: Device;
  readonly said: Said[];
}

interface Said {
  readonly stretches: Stretches;
  bytes: readonly number[];
  says: Steady;
}

/** A device sends few layouts: one for each of its sensors, perhaps. */
const mostSaid = 8;

/**
 * How `Telemetry` is made of the scalars of a layout: the same that `parse` makes of what `JSON.parse` gives. A plan gives `undefined` for
 * whatever is not certain to be good.
 */
export const telemetryPlans = (
  metrics: readonly MetricRule[],
  formats: Formats,
  state: PartitionState,
): ((layout: Layout) => Plan<Telemetry, Seen>) => {
  const latestOf = state.ofDevice(latestMemory(metrics));
  const times = new TimeBytes();
  const noReadings = doubles(metrics.length);

  return ({ scalars: places, shape }) => {
    const parts = (isFlat(shape) ? flatParts : nestedParts)(shape, formats, metrics);
    const { format, id, messageId: message } = parts;
    const expected = expectedKinds(parts.codec, shape);
    const steady = new Set(expected.map(({ slot }) => slot));
    const ignored = places.map(({ slot }) => slot).filter((slot) => slot !== unwanted && !steady.has(slot));
    for (const slot of [id, parts.time, message, ...parts.values]) steady.delete(slot);
    const stretches = new Stretches(places, steady);

    return (scalars) => {
      if (!areExpected(expected, scalars) || !areUtf8(ignored, scalars)) return undefined;
      const timeMs = parts.timeMs(scalars, times);
      const readings = noReadings.slice();
      if (Number.isNaN(timeMs) || !parts.read(scalars, readings)) return undefined;
      const messageId = message === absent ? null : scalars.newAscii(message);
      if (message !== absent && !MessageId.is(messageId)) return undefined;
      const idText = scalars.text(id);
      const seen = idText == null ? undefined : seenOf(idText, state);
      if (seen === undefined) return undefined;
      const said = saidIn(seen.said, stretches);
      const isSame = said !== undefined && stretches.areSame(scalars, said.bytes);
      const says = isSame ? said.says : saidAnew(scalars, stretches, parts, latestOf(seen.device).profile);
      if (says === undefined) return undefined;
      if (!isSame) keep(seen.said, said, { stretches, bytes: stretches.copy(scalars), says });
      const { profile, units, quality } = says;
      return new Telemetry(seen.device, timeMs, readings, units, quality, profile, messageId, format);
    };
  };
};

const isFlat = (shape: Shape): boolean =>
  !shape.has('message_id') && objectOf(shape, 'sensors') === null && objectOf(shape, 'location') === null;

const areUtf8 = (slots: readonly number[], scalars: Scalars<Seen>): boolean => {
  for (let i = 0; i < slots.length; i += 1) if (!scalars.isUtf8(slots[i] ?? absent)) return false;
  return true;
};

/** Undefined when some text is not UTF-8, or this is no telemetry. */
const saidAnew = (
  scalars: Scalars<Seen>,
  { slots }: Stretches,
  parts: LayoutParts,
  known: Profile,
): Steady | undefined => (areUtf8(slots, scalars) ? parts.steady(scalars, known) : undefined);

const saidIn = (all: readonly Said[], stretches: Stretches): Said | undefined => {
  for (let i = 0; i < all.length; i += 1) if (all[i]?.stretches === stretches) return all[i];
  return undefined;
};

const keep = (all: Said[], before: Said | undefined, said: Said): void => {
  if (before !== undefined) Object.assign(before, said);
  else if (all.unshift(said) > mostSaid) all.pop();
};

/** Of NaN, grown one by one: the engine knows then that all are doubles and none is missing, and so it does of copies. */
const doubles = (count: number): readonly number[] => {
  const all: number[] = [];
  for (let i = 0; i < count; i += 1) all.push(NaN);
  return all;
};

/**
 * Of the device that a text names; undefined when the text is no id. A handle that nothing has touched since the last snapshot may be
 * forgotten by now: only the state can tell.
 */
const seenOf = (text: Text<Seen>, state: PartitionState): Seen | undefined => {
  const known = text.meaning;
  if (known?.device.isTouched === true) return known;
  if (known === undefined && isLeft(checkedId(text.string))) return undefined;
  const device = state.device(text.string);
  if (known?.device === device) return known;
  const seen = { device, said: [] };
  text.meaning = seen;
  return seen;
};
