import { isRight } from 'fp-ts/lib/Either.js';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { continued, ended, type Episode, StoredEpisode } from '../alerts/episode.js';
import { episodeMemory } from '../alerts/episode-memory.js';
import { Floods } from '../alerts/floods.js';
import { levelOf } from '../alerts/levels.js';
import { type Seen, see, seenMemory } from '../alerts/seen.js';
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
import { type Planned, planner } from '../rules/planner.js';
import type { AlertRule, DeviceFacts, Rules } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import { latestMemory, unknownProfile } from '../state/latest-memory.js';
import { holdsOneOf, Newest } from '../state/newest.js';
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
 * - Errors: pass through. An expression without an answer makes its record a fault of the rule; no other rule has then decided on it.
 * - Purity: no clock; ids are made of rule, device and the offset of the raising record, so a replay raises the same alert.
 * - Cost: one comparison per level of each rule on a metric that was read.
 */
export const alert =
  (
    settings: Pick<PipelineSettings, 'rules' | 'time'>,
    state: PartitionState,
  ): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    defer(() => {
      const alerts = new Alerts(settings, state);
      return chunks$.pipe(map((chunk) => alerts.through(chunk)));
    });

/** When and where a rule decides, and on what. */
interface Decision {
  readonly source: TopicPartition;
  readonly atMs: number;
  readonly offset: Offset;
  readonly device: Device;
  readonly facts: DeviceFacts;
  readonly value: number;
  readonly evidence: Evidence | null;
}

/** The rules of one `alert`, worked out once; what it remembers is in `state`. */
class Alerts {
  readonly #planOf: (device: Device, profile: Profile) => Planned;
  readonly #episodesOf: (device: Device) => RuleStates<Episode>;
  readonly #floods: Floods;
  readonly #newest: Newest;
  readonly #seenOf: (device: Device) => Seen;
  readonly #names: readonly string[];
  /** Metrics of which an expression needs the newest: it reads others with them. */
  readonly #noted: readonly number[];
  /** Whether any rule decides on windows or scores. */
  readonly #isBeside: boolean;
  /** Set once what was remembered of rules that are no more has been ended. */
  #isReconciled = false;
  /** What a rule is asked, written over and over. */
  readonly #asked = { value: NaN, readings: [] as readonly number[], facts: nobody };

  /** By place in the plan: the level that the record under way reaches. */
  readonly #reached: number[] = [];
  /** How often each rule has decided with the record under way. */
  readonly #turns = { offset: -1, byRule: new Map<string, number>() };
  readonly rules: Rules;

  constructor(
    { rules, time }: Pick<PipelineSettings, 'rules' | 'time'>,
    readonly state: PartitionState,
  ) {
    this.rules = rules;
    this.#planOf = planner(rules);
    this.#episodesOf = state.ofDevice(episodeMemory(rules));
    const isGuarded = rules.alerts.some(({ flood }) => flood !== null);
    this.#floods = new Floods(state, isGuarded, time.maxAheadMs);
    this.#newest = new Newest(state, 'alertNewest', rules.metrics);
    this.#names = rules.metrics.map(({ name }) => name);
    this.#noted = [...new Set(rules.alerts.flatMap(readTogether))];
    this.#isBeside = rules.alerts.some(({ input }) => input._tag === 'window' || input._tag === 'detector');
    this.#seenOf = state.ofDevice(seenMemory);
    if (!this.#isBeside) return;
    const latestOf = state.ofDevice(latestMemory(rules.metrics));
    for (const device of state.devices()) {
      const { profile, eventTimeMs } = latestOf(device);
      Object.assign(this.#seenOf(device), { profile, eventTimeMs });
    }
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
        if (beside !== null) this.#besideUntil(offset - 1, beside, source, draft);
        draft.confirm();
        // `latest` has folded it, whatever becomes of it here.
        if (beside !== null) see(this.#seenOf(record.value.device), record.value);
        // Every rule is asked before anything changes: where one has no answer, the record leaves nothing behind.
        const readings = newestOf(record.value);
        const isQuiet = this.#weigh(record.value, readings);
        this.#floods.see(timestampMs, offset, draft);
        if (beside !== null) this.#besideUntil(offset, beside, source, draft);
        if (!isQuiet) this.#take(record, readings, source, draft);
        for (const slot of this.#noted)
          this.#newest.note(record.value.device, slot, readings, record.value.eventTimeMs);
        draft.keep(record);
      },
      // What came with records that left the main path after they had been folded.
      (draft) => {
        if (beside !== null) this.#besideUntil(Infinity, beside, source, draft);
      },
    );
  }

  /** Asks each rule of the plan which level the record reaches. True when all is normal, and stays so: nearly always. */
  #weigh({ device, profile }: Telemetry, readings: readonly number[]): boolean {
    const { plan, facts, isSettled } = this.#planOf(device, profile);
    const { byRule } = this.#episodesOf(device);
    let isQuiet = isSettled;
    for (let i = 0; i < plan.alerts.length; i += 1) {
      const rule = plan.alerts[i];
      if (rule === undefined) continue;
      const reached = this.#isAsked(rule, device, readings, facts)
        ? levelOf(rule.levels, byRule[rule.index]?.standing.level ?? 0, this.#asked)
        : unasked;
      this.#reached[i] = reached;
      if (reached > 0 || (reached === 0 && byRule[rule.index] !== undefined)) isQuiet = false;
    }
    return isQuiet;
  }

  #take(
    { value: { device, profile, eventTimeMs }, origin }: Sourced<Telemetry>,
    readings: readonly number[],
    source: TopicPartition,
    draft: Draft<Telemetry>,
  ): void {
    const planned = this.#planOf(device, profile);
    const { alerts } = planned.plan;
    const episodes = this.#episodesOf(device);
    const moment = { source, atMs: eventTimeMs, offset: origin.offset };
    if (!planned.isSettled) this.#endOthers(device, episodes, planned, moment, draft);
    for (let i = 0; i < alerts.length; i += 1) {
      const [rule, reached] = [alerts[i], this.#reached[i] ?? unasked];
      if (rule === undefined || reached === unasked) continue;
      if (reached === 0 && episodes.byRule[rule.index] === undefined) continue;
      const value = rule.input._tag === 'reading' ? (readings[rule.input.metric] ?? NaN) : NaN;
      this.#decide(rule, episodes, reached, { ...moment, device, facts: planned.facts, value, evidence: null }, draft);
    }
  }

  /** Puts the question to a rule on readings; false when the record holds nothing new for it. */
  #isAsked({ input }: AlertRule, device: Device, readings: readonly number[], facts: DeviceFacts): boolean {
    if (input._tag === 'reading') {
      const value = readings[input.metric] ?? NaN;
      if (Number.isNaN(value)) return false;
      this.#ask(value, readings, facts);
      return true;
    }
    if (input._tag !== 'device' || !holdsOneOf(input.metrics, readings)) return false;
    if (!this.#newest.fill(device, input.metrics, readings)) return false;
    this.#ask(NaN, this.#newest.readings, facts);
    return true;
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
      const episodes = this.#episodesOf(device);
      const { plan, facts } = this.#planOf(device, this.#seenOf(device).profile);
      const atMs = next._tag === 'window' ? next.said.endMs : next.said.atMs;
      const evidence = next._tag === 'finding' ? evidenceOf(next.said) : null;
      for (const rule of plan.alerts) {
        const value = valueFor(rule.input, next, this.#names);
        if (value === null) continue;
        this.#ask(value, noReadings, facts);
        const reached = levelOf(rule.levels, episodes.byRule[rule.index]?.standing.level ?? 0, this.#asked);
        const moment = { source, atMs, offset: next.said.offset };
        this.#decide(rule, episodes, reached, { ...moment, device, facts, value, evidence }, draft);
      }
    }
  }

  #decide(
    rule: AlertRule,
    episodes: RuleStates<Episode>,
    asked: number,
    { device, facts, ...said }: Decision,
    draft: Draft<Telemetry>,
  ): void {
    const episode = episodes.byRule[rule.index];
    const isHeld = (episode?.standing.level ?? 0) > 0;
    const reached = isHeld || asked === 0 || rule.isScheduled(said.atMs) ? asked : 0;
    if (reached === 0 && episode === undefined) return;
    const turn = rule.input._tag === 'window' ? this.#turnOf(rule, device, said.offset) : 0;
    const occasion = { ...said, device: facts, turn, ...this.#named(rule) };
    const { episode: next, told } = continued(rule, episode, reached, occasion);
    if (next === episode) return;
    this.state.touch(device);
    if (told?.reason !== 'raised' || rule.flood === null) {
      episodes.byRule[rule.index] = next ?? undefined;
      if (told !== null) draft.addAlert(told);
      return;
    }
    const group = rule.flood.groupOf(facts);
    const { source, atMs, offset } = said;
    const summary = this.#floods.raised(rule.flood, { source, atMs, offset, group, severity: told.severity });
    const raised = summary === null ? told : { ...told, flood: summary.id };
    episodes.byRule[rule.index] = next === null ? undefined : { ...next, alert: raised };
    draft.addAlert(raised);
    if (summary !== null) draft.addAlert(summary);
  }

  /** Counts the windows that a rule has decided on at one record of a device: several may end with it. */
  #turnOf({ id }: AlertRule, device: Device, offset: Offset): number {
    if (this.#turns.offset !== offset) {
      this.#turns.offset = offset;
      this.#turns.byRule.clear();
    }
    const key = `${id}@${device.id}`;
    const turn = this.#turns.byRule.get(key) ?? 0;
    this.#turns.byRule.set(key, turn + 1);
    return turn;
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
    { atMs, offset }: Pick<Decision, 'atMs' | 'offset'>,
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
/** In place of a level: the rule was not asked. */
const unasked = -1;

const readTogether = ({ input }: AlertRule): readonly number[] =>
  input._tag === 'device' && input.metrics.length > 1 ? input.metrics : [];

/** Readings that are the newest of their metric, and count; NaN for others. */
const newestOf = (telemetry: Telemetry): readonly number[] => {
  const { readings, outdated, flags } = telemetry;
  if (outdated === null && flags === null) return readings;
  return readings.map((value, i) => (outdated?.includes(i) !== true && isCounted(telemetry, i) ? value : NaN));
};

const evidenceOf = ({ detector, score, low, high }: Finding): Evidence => ({ detector, score, low, high });
