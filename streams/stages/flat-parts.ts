import { flatMembers } from '../codecs/flat.js';
import type { Formats } from '../codecs/formats.js';
import { type Shape, slotOf } from '../codecs/layouts/layout.js';
import { absent, kind } from '../codecs/layouts/scalars.js';
import type { MetricRule } from '../rules/rules.js';
import { unitsOfSilent } from './conversions.js';
import type { LayoutParts } from './layout-parts.js';
import { sharedFlatProfile } from './profile.js';
import { qualityOf } from './quality.js';
import { positiveZero } from './readings.js';

/** Of a flat layout; reads what `TelemetryMaker.ofFlat` reads. */
export const flatParts = (shape: Shape, { flat }: Formats, metrics: readonly MetricRule[]): LayoutParts => {
  const time = slotOf(shape, 'timestamp');
  const type = slotOf(shape, 'device_type');
  const status = slotOf(shape, 'status');
  const location = slotOf(shape, 'location');
  const places = metrics.flatMap(({ name }, metric) =>
    flatMembers(name)
      .map((member) => ({ metric, slot: slotOf(shape, member) }))
      .filter(({ slot }) => slot !== absent)
      // First come, first read: the last to be written is the one that stays.
      .toReversed(),
  );

  const units = unitsOfSilent(metrics);

  return {
    format: 'flat',
    codec: flat.codec,
    id: slotOf(shape, 'device_id'),
    time,
    messageId: absent,
    places,
    isOneNeeded: true,
    timeAs: { _tag: 'time in text' },
    timeMs: ({ kinds, bytes, view, starts, ends }, times) =>
      kinds[time] === kind.text ? times.read(bytes, view, (starts[time] ?? 0) + 1, (ends[time] ?? 0) - 1) : NaN,
    read: ({ kinds, numbers }, readings) => {
      let isAny = false;
      for (let i = 0; i < places.length; i += 1) {
        const place = places[i];
        if (place === undefined || kinds[place.slot] !== kind.number) continue;
        readings[place.metric] = positiveZero(numbers[place.slot] ?? NaN);
        isAny = true;
      }
      return isAny;
    },
    steady: (scalars, known) => {
      const word = scalars.string(status);
      const profile = sharedFlatProfile(known, scalars.string(type), word, scalars.string(location));
      return { profile, units, quality: qualityOf(word) };
    },
  };
};
