import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk } from '../model/chunk.js';
import type { MetricSetting } from '../model/settings.js';
import type { Telemetry } from '../model/telemetry.js';
import type { Offset } from '../model/units.js';
import { type Latest, latestMemory } from '../state/latest-memory.js';
import type { PartitionState } from '../state/partition-state.js';

/**
 * Remembers the newest reading of each metric of each device.
 *
 * A reading replaces the one remembered when its event time is not earlier; of equal times the later record wins. Status and
 * profile come from the record with the newest event time. Stamps on the record which of its readings came behind a newer one.
 *
 *     source   -a-b-c-|     event times a 2, b 5, c 3; a: 20 °C, b: 21 °C, c: 19 °C and 40 %
 *     result   -a-b-c-|     remembered at the end: 21 °C of b, 40 % of c
 *
 * - Memory: two numbers per metric and device, and the device's profile, in `state`; saved with the offset.
 * - Completion: passed on.
 * - Errors: pass through.
 * - Purity: no clock, no randomness.
 * - Cost: one comparison per metric.
 */
export const latest =
  (metrics: readonly MetricSetting[], state: PartitionState): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const latestOf = state.ofDevice(latestMemory(metrics));
      return chunks$.pipe(
        map((chunk) =>
          throughRecords<Telemetry, Telemetry>('latest', chunk, (record, draft) => {
            const known = latestOf(record.value.device);
            record.value.outdated = fold(known, record.value, record.origin.offset);
            if (record.value.flags !== null || known.flags !== null) keepFlags(known, record.value, metrics);
            state.touch(record.value.device);
            draft.keep(record);
          }),
        ),
      );
    });

/** Each newest reading has the flags it came with, and the device those of its newest record as a whole. */
const keepFlags = (known: Latest, telemetry: Telemetry, metrics: readonly MetricSetting[]): void => {
  const { readings, outdated, eventTimeMs, flags } = telemetry;
  const renewed = new Set<string>();
  if (eventTimeMs >= known.eventTimeMs) renewed.add('*');
  for (let i = 0; i < readings.length; i += 1) {
    const isNewest = !Number.isNaN(readings[i] ?? NaN) && outdated?.includes(i) !== true;
    if (isNewest) renewed.add(metrics[i]?.name ?? '');
  }
  const before = Object.entries(known.flags ?? {}).filter(([name]) => !renewed.has(name));
  const kept: Record<string, string[]> = Object.fromEntries(before);
  for (const { rule, metric } of flags ?? []) {
    const isNewest = metric < 0 ? eventTimeMs >= known.eventTimeMs : outdated?.includes(metric) !== true;
    if (isNewest) (kept[metric < 0 ? '*' : (metrics[metric]?.name ?? '')] ??= []).push(rule);
  }
  known.flags = Object.keys(kept).length === 0 ? null : kept;
};

/** Gives the metric indexes of readings that came behind a newer one. */
const fold = (
  known: Latest,
  { eventTimeMs, readings, quality, profile }: Telemetry,
  offset: Offset,
): readonly number[] | null => {
  let outdated: number[] | null = null;
  known.offset = offset;
  if (eventTimeMs >= known.eventTimeMs) {
    known.eventTimeMs = eventTimeMs;
    known.quality = quality;
    known.profile = profile;
  }
  const remembered = known.readings;
  for (let i = 0; i < readings.length; i += 1) {
    const value = readings[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    if (eventTimeMs < (remembered[2 * i + 1] ?? -Infinity)) {
      (outdated ??= []).push(i);
      continue;
    }
    remembered[2 * i] = value;
    remembered[2 * i + 1] = eventTimeMs;
  }
  return outdated;
};
