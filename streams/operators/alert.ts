import { map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { throughRecords } from '../chunks/through-records.js';
import type { Alert } from '../model/alert.js';
import type { Chunk, Sourced } from '../model/chunk.js';
import type { AlertRule, MetricSetting, PipelineSettings } from '../model/settings.js';
import type { Telemetry } from '../model/telemetry.js';
import type { TopicPartition } from '../model/units.js';
import type { Memory, PartitionState } from '../state/partition-state.js';

const StoredEpisode = t.type({
  raisedAtMs: t.number,
  raisedValue: t.number,
  raisedOffset: t.number,
  peakValue: t.number,
});
const StoredEpisodes = t.record(t.string, StoredEpisode);

/** The episode that is open for a rule on a device. */
type Episode = t.TypeOf<typeof StoredEpisode>;

/** By rule id; null while there is none, as nearly always. */
interface Episodes {
  open: Map<string, Episode> | null;
}

/**
 * Raises and clears alerts, one episode at a time per rule and device.
 *
 * `above` raises when a reading is greater than `raise` and clears when one is not greater than `clear`; `below` is its mirror. Only
 * the newest reading of a metric decides: one that came after a newer one changes nothing.
 *
 *     source   -a-b-c-d-|     temperature 39, 41, 39, 38; above, raise 40, clear 38
 *     result   -a-R-c-C-|     R raises at b; c is within the hysteresis; C clears at d
 *
 * - Memory: four numbers per open episode, in `state`; saved with the offset. Needs `latest` before it, which stamps what is not newest.
 * - Completion: episodes stay open.
 * - Errors: pass through.
 * - Purity: no clock; ids are made of rule, device and the offset of the raising record, so a replay raises the same alert.
 * - Cost: one comparison per rule on a metric that was read.
 */
export const alert =
  (
    settings: Pick<PipelineSettings, 'metrics' | 'alerts'>,
    state: PartitionState,
  ): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const rules = boundRules(settings);
      const episodesOf = state.ofDevice(episodeMemory);
      return chunks$.pipe(
        map((chunk) =>
          throughRecords<Telemetry, Telemetry>('alert', chunk, (record, draft) => {
            const { device, readings, outdated } = record.value;
            const episodes = episodesOf(device);
            for (const rule of rules) {
              const value = readings[rule.metric] ?? NaN;
              if (Number.isNaN(value) || outdated?.includes(rule.metric) === true) continue;
              const change = transition(rule, episodes, value, record, chunk.source);
              if (change === 'none') continue;
              state.touch(device);
              if (change !== 'peak') draft.addAlert(change);
            }
            draft.keep(record);
          }),
        ),
      );
    });

interface BoundRule {
  readonly rule: AlertRule;
  readonly metric: number;
  readonly unit: string;
}

const boundRules = ({
  metrics,
  alerts,
}: {
  metrics: readonly MetricSetting[];
  alerts: readonly AlertRule[];
}): BoundRule[] =>
  alerts.flatMap((rule) => {
    const metric = metrics.findIndex(({ name }) => name === rule.metric);
    return metric < 0 ? [] : [{ rule, metric, unit: metrics[metric]?.unit ?? '' }];
  });

const isBeyond = ({ direction }: AlertRule, value: number, level: number): boolean =>
  direction === 'above' ? value > level : value < level;

const transition = (
  bound: BoundRule,
  episodes: Episodes,
  value: number,
  record: Sourced<Telemetry>,
  source: TopicPartition,
): Alert | 'peak' | 'none' => {
  const { rule } = bound;
  const episode = episodes.open?.get(rule.id);
  if (episode === undefined) {
    if (!isBeyond(rule, value, rule.raise)) return 'none';
    const raised = {
      raisedAtMs: record.value.eventTimeMs,
      raisedValue: value,
      raisedOffset: record.origin.offset,
      peakValue: value,
    };
    const raising = alertOf(bound, raised, record.value.device.id, source, null);
    (episodes.open ??= new Map()).set(rule.id, raised);
    return raising;
  }
  if (!isBeyond(rule, value, rule.clear)) {
    const clearing = alertOf(bound, episode, record.value.device.id, source, { record, value });
    episodes.open?.delete(rule.id);
    if (episodes.open?.size === 0) episodes.open = null;
    return clearing;
  }
  if (!isBeyond(rule, value, episode.peakValue)) return 'none';
  episode.peakValue = value;
  return 'peak';
};

const alertOf = (
  { rule, unit }: BoundRule,
  episode: Episode,
  device: string,
  { topic, partition }: TopicPartition,
  cleared: { readonly record: Sourced<Telemetry>; readonly value: number } | null,
): Alert => ({
  id: `${rule.id}@${device}@${topic}-${partition}-${episode.raisedOffset}`,
  rule: rule.id,
  device,
  metric: rule.metric,
  severity: rule.severity,
  state: cleared === null ? 'active' : 'cleared',
  version: cleared === null ? 1 : 2,
  message: `${rule.metric} ${withUnit(episode.raisedValue, unit)} is ${rule.direction} ${withUnit(rule.raise, unit)}`,
  ...episode,
  clearedAtMs: cleared?.record.value.eventTimeMs ?? null,
  clearedValue: cleared?.value ?? null,
  clearedOffset: cleared?.record.origin.offset ?? null,
});

const withUnit = (value: number, unit: string): string => `${Number(value.toFixed(2))}${unit === '' ? '' : ` ${unit}`}`;

const episodeMemory: Memory<Episodes> = {
  name: 'alert',
  create: () => ({ open: null }),
  encode: ({ open }) => (open === null ? undefined : Object.fromEntries(open)),
  decode: (value) =>
    mapRight((stored: t.TypeOf<typeof StoredEpisodes>) => ({ open: new Map(Object.entries(stored)) }))(
      StoredEpisodes.decode(value),
    ),
};
