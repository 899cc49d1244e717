import * as t from 'io-ts';
import { defer, map } from 'rxjs';
import { throughRecords } from '../../streams/chunks/through-records.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import type { OwnOperator } from '../../streams/pipeline.js';
import { memory } from '../../streams/state/partition-state.js';

export interface SpikesOptions {
  readonly metric: string;
  /** The greatest step from one believed reading to the next, in the metric's unit. */
  readonly maxStep: number;
}

/** So many far readings in a row are no spike: the world has changed. */
const believedAfter = 3;

/**
 * Turns away single readings that jump, as a loose contact makes them.
 *
 * A record whose reading is more than `maxStep` from the last one believed of its device is a dead letter `out_of_range`; the
 * third of them in a row is believed.
 *
 *     source   -a-b-c-|     temperatures a 20, b 90, c 21; maxStep 10
 *     result   -a-S-c-|     S: the dead letter of b
 *
 * - Memory: two numbers per device, in `state`; saved with the offset.
 * - Completion: passed on.
 * - Errors: pass through.
 * - Purity: no clock, no randomness.
 * - Cost: one comparison per record.
 */
export const spikes =
  ({ metric, maxStep }: SpikesOptions): OwnOperator =>
  ({ metrics }, state) =>
  (chunks$) =>
    defer(() => {
      const slot = metrics.findIndex(({ name }) => name === metric);
      if (slot < 0) throw new Error(`spikes: there is no metric "${metric}"`);
      const believedOf = state.ofDevice(believedMemory);
      return chunks$.pipe(
        map((chunk) =>
          throughRecords<Telemetry, Telemetry>('spikes', chunk, (record, draft) => {
            const { device, readings } = record.value;
            const reading = readings[slot] ?? NaN;
            const believed = believedOf(device);
            // NaN, an absent reading or the first one, is never far.
            const isFar = Math.abs(reading - believed.value) > maxStep;
            const isSpike = isFar && believed.spikes + 1 < believedAfter;
            if (isSpike) {
              const message = `${metric} jumped from ${believed.value} to ${reading}, more than ${maxStep}`;
              draft.turnAway(record.origin, { _tag: 'out_of_range', path: metric, message });
            } else draft.keep(record);
            if (Number.isNaN(reading)) return;
            believed.spikes = isSpike ? believed.spikes + 1 : 0;
            if (!isSpike) believed.value = reading;
            state.touch(device);
          }),
        ),
      );
    });

const StoredBelieved = t.type({ value: t.union([t.number, t.null]), spikes: t.number });

/** NaN is not JSON: before the first reading it is written as null. */
const believedMemory = memory<{ value: number; spikes: number }, t.TypeOf<typeof StoredBelieved>>({
  name: 'spikes',
  create: () => ({ value: NaN, spikes: 0 }),
  stored: StoredBelieved,
  store: ({ value, spikes: inARow }) => ({ value: Number.isNaN(value) ? null : value, spikes: inARow }),
  restore: ({ value, spikes: inARow }) => ({ value: value ?? NaN, spikes: inARow }),
});
