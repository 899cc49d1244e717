import { isRight } from 'fp-ts/lib/Either.js';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { continued, ended, type Episode, StoredEpisode } from '../alerts/episode.js';
import { episodeMemory } from '../alerts/episode-memory.js';
import { Floods } from '../alerts/floods.js';
import { levelOf } from '../alerts/levels.js';
import { valueFor } from '../alerts/value-for.js';
import { Beside } from '../chunks/beside.js';
import type { Draft } from '../chunks/draft.js';
import { throughRecords } from '../chunks/through-records.js';
import type { Evidence } from '../model/alert.js';
import type { Chunk, Sourced } from '../model/chunk.js';
import type { Device, Profile } from '../model/device.js';
import type { Finding } from '../model/finding.js';
import { isCounted, type Telemetry } from '../model/telemetry.js';
import type { Offset, TopicPartition } from '../model/units.js';
import { Newest } from '../rules/newest.js';
import { type Planned, planner } from '../rules/planner.js';
import type { AlertRule, DeviceFacts, Rules } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import { type Latest, latestMemory, unknownProfile } from '../state/latest-memory.js';
import type { PartitionState } from '../state/partition-state.js';
import type { RuleStates } from '../state/rule-memory.js';

/**
 * Raises alerts and brings them to their end, one episode at a time per rule and device.
 *
 * A rule decides on the newest reading of its metric, on each window that ends, on each score of a detector, or on the newest readings of several
 * metrics; its levels say how far it is reached, `streams/alerts/standing.ts` when that counts. Every change of an episode is told, in order.
 *
 *     source   -a-b-c-d-|     temperature 39, 41, 39, 38; above, raise 40, clear 38
 *     result   -a-R-c-C-|     R raises at b; c is within the hysteresis; C clears at d
 *
 * - Memory: an episode per rule and device that is not normal, in `state`; saved with the offset. Needs `latest` before it, which stamps what is not newest.
 * - Completion: episodes stay as they are.
 * - Errors: pass through. An expression without an answer makes its record a fault of the rule.
 * - Purity: no clock; ids are made of rule, device and the offset of the raising record, so a replay raises the same alert.
 * - Cost: one comparison per level of each rule on a metric that was read.
 */
export const alert =
  ({ rules }: Pick<PipelineSettings, 'rules'>, state: PartitionState): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const alerts = new Alerts(rules, state);
      return chunks$.pipe(map((chunk) => alerts.through(chunk)));
    });

/** When and where a rule decides. */
interface Moment {
  readonly source: TopicPartition;
  readonly atMs: number;
  /** Log time, epoch ms. */
  readonly logMs: number;
  readonly offset: Offset;
}

/** The rules of one `alert`, worked out once; what it remembers is in `state`. */
class Alerts {
  readonly #planOf: (device: Device, profile: Profile) => Planned;
  readonly #latestOf: (device: Device) => Latest;
  readonly #episodesOf: (device: Device) => RuleStates<Episode>;
  readonly #floods: Floods;
  readonly #newest: Newest;
  readonly #names: readonly string[];
  /** Whether any rule decides on windows or scores. */
  readonly #isBeside: boolean;
  /** Set once what was remembered of rules that are no more has been ended. */
  #isReconciled = false;
  /** What a rule is asked, written over and over. */
  readonly #asked = { value: NaN, readings: [] as readonly number[], facts: nobody };

  constructor(
    readonly rules: Rules,
    readonly state: PartitionState,
  ) {
    this.#planOf = planner(rules);
    this.#latestOf = state.ofDevice(latestMemory(rules.metrics));
    this.#episodesOf = state.ofDevice(episodeMemory(rules));
    this.#floods = new Floods(state);
    this.#newest = new Newest(rules.metrics.length);
    this.#names = rules.metrics.map(({ name }) => name);
    this.#isBeside = rules.alerts.some(({ input }) => input._tag === 'window' || input._tag === 'detector');
  }

  through(chunk: Chunk<Telemetry>): Chunk<Telemetry> {
    const { source } = chunk;
    const beside = this.#isBeside ? new Beside(chunk) : null;
    return throughRecords<Telemetry, Telemetry>(
      'alert',
      chunk,
      (record, draft) => {
        const { offset, timestampMs } = record.origin;
        if (!this.#isReconciled) this.#reconcile(timestampMs, offset, draft);
        this.#floods.passed(timestampMs, offset, draft);
        if (beside !== null) this.#besideUntil(offset, beside, source, draft);
        this.#record(record, source, draft);
        draft.keep(record);
      },
      // What came with records that left the main path after they had been folded.
      (draft) => {
        if (beside !== null) this.#besideUntil(Infinity, beside, source, draft);
      },
    );
  }

  #record({ value: telemetry, origin }: Sourced<Telemetry>, source: TopicPartition, draft: Draft<Telemetry>): void {
    const { device, profile, readings, eventTimeMs } = telemetry;
    const planned = this.#planOf(device, profile);
    const episodes = this.#episodesOf(device);
    const moment = { source, atMs: eventTimeMs, logMs: origin.timestampMs, offset: origin.offset };
    if (!planned.isSettled) this.#endOthers(device, episodes, planned, moment, draft);
    const { alerts } = planned.plan;
    for (let i = 0; i < alerts.length; i += 1) {
      const rule = alerts[i];
      if (rule === undefined) continue;
      const { input } = rule;
      if (input._tag === 'reading') {
        if (!isNewest(telemetry, input.metric)) continue;
        this.#ask(readings[input.metric] ?? NaN, readings, planned.facts);
        this.#decide(rule, device, episodes, moment, null, draft);
      } else if (input._tag === 'device') {
        if (!this.#seesNew(telemetry, input.metrics)) continue;
        this.#ask(NaN, this.#newest.readings, planned.facts);
        this.#decide(rule, device, episodes, moment, null, draft);
      }
    }
  }

  /** Whether the record holds something new for an expression, and all that it reads is known. */
  #seesNew(telemetry: Telemetry, reads: readonly number[]): boolean {
    const isNew = reads.some((metric) => isNewest(telemetry, metric));
    return isNew && this.#newest.fill(reads, telemetry.readings, this.#latestOf(telemetry.device));
  }

  #ask(value: number, readings: readonly number[], facts: DeviceFacts): void {
    this.#asked.value = value;
    this.#asked.readings = readings;
    this.#asked.facts = facts;
  }

  /** Takes what windows and detectors said up to a record, in order. */
  #besideUntil(offset: number, beside: Beside, source: TopicPartition, draft: Draft<Telemetry>): void {
    for (let next = beside.until(offset); next !== null; next = beside.until(offset)) {
      const device = this.state.device(next.said.device);
      const planned = this.#planOf(device, this.#latestOf(device).profile);
      const atMs = next._tag === 'window' ? next.said.endMs : next.said.atMs;
      const moment = { source, atMs, logMs: atMs, offset: next.said.offset };
      for (const rule of planned.plan.alerts) {
        const value = valueFor(rule.input, next, this.#names);
        if (value === null) continue;
        this.#ask(value, noReadings, planned.facts);
        const evidence = next._tag === 'finding' ? evidenceOf(next.said) : null;
        this.#decide(rule, device, this.#episodesOf(device), moment, evidence, draft);
      }
    }
  }

  #decide(
    rule: AlertRule,
    device: Device,
    episodes: RuleStates<Episode>,
    moment: Moment,
    evidence: Evidence | null,
    draft: Draft<Telemetry>,
  ): void {
    const episode = episodes.byRule[rule.index];
    const held = episode?.standing.level ?? 0;
    let reached = levelOf(rule.levels, held, this.#asked);
    if (reached > held && held === 0 && !rule.isScheduled(moment.atMs)) reached = 0;
    // Nearly always: all is normal, and stays so.
    if (reached === 0 && episode === undefined) return;
    const { facts, value } = this.#asked;
    const occasion = { ...moment, device: facts, value, evidence, ...this.#named(rule) };
    const { episode: next, told } = continued(rule, episode, reached, occasion);
    if (next === episode) return;
    this.state.touch(device);
    if (told?.reason !== 'raised' || rule.flood === null) {
      episodes.byRule[rule.index] = next ?? undefined;
      if (told !== null) draft.addAlert(told);
      return;
    }
    const group = rule.flood.groupOf(facts);
    const summary = this.#floods.raised(rule.flood, { ...moment, group, severity: told.severity });
    const raised = summary === null ? told : { ...told, flood: summary.id };
    episodes.byRule[rule.index] = next === null ? undefined : { ...next, alert: raised };
    draft.addAlert(raised);
    if (summary !== null) draft.addAlert(summary);
  }

  #named({ input }: AlertRule): { readonly metric: string; readonly unit: string } {
    if (input._tag === 'device') return { metric: '', unit: '' };
    const metric = this.rules.metrics[input.metric];
    // A score has no unit; nor has a count, but that much is not worth a column.
    return { metric: metric?.name ?? '', unit: input._tag === 'detector' ? '' : (metric?.unit ?? '') };
  }

  /** Ends episodes of rules that no longer match the device. */
  #endOthers(
    device: Device,
    episodes: RuleStates<Episode>,
    planned: Planned,
    { atMs, offset }: Moment,
    draft: Draft<Telemetry>,
  ): void {
    planned.isSettled = true;
    for (const [index, episode] of episodes.byRule.entries()) {
      if (episode === undefined || planned.plan.alerts.some((rule) => rule.index === index)) continue;
      episodes.byRule[index] = undefined;
      this.state.touch(device);
      if (episode.alert !== null) draft.addAlert(ended(episode.alert, 'no_longer_matches', atMs, offset));
    }
  }

  /** Ends episodes of rules that are not there any more. In order of device id, whatever order devices became known in. */
  #reconcile(logMs: number, offset: Offset, draft: Draft<Telemetry>): void {
    this.#isReconciled = true;
    const left: (readonly [Device, RuleStates<Episode>])[] = [];
    for (const device of this.state.devices()) {
      const episodes = this.#episodesOf(device);
      if (episodes.retired.size > 0) left.push([device, episodes]);
    }
    left.sort(([a], [b]) => (a.id < b.id ? -1 : 1));
    for (const [device, { retired }] of left) {
      for (const { stored } of retired.values()) {
        const episode = StoredEpisode.decode(stored);
        if (isRight(episode) && episode.right.alert !== null)
          draft.addAlert(ended(episode.right.alert, 'rule_removed', logMs, offset));
      }
      retired.clear();
      this.state.touch(device);
    }
  }
}

const noReadings: readonly number[] = [];
const nobody: DeviceFacts = { id: '', profile: unknownProfile };

/** Whether a reading is there, is the newest of its metric, and counts. */
const isNewest = (telemetry: Telemetry, metric: number): boolean => {
  const { readings, outdated, flags } = telemetry;
  return (
    !Number.isNaN(readings[metric] ?? NaN) &&
    (outdated === null || !outdated.includes(metric)) &&
    (flags === null || isCounted(telemetry, metric))
  );
};

const evidenceOf = ({ detector, score, low, high }: Finding): Evidence => ({ detector, score, low, high });
