import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { areUnmoved, CalmDevices } from '../alerts/calm.js';
import { Decisions } from '../alerts/decisions.js';
import type { Episode } from '../alerts/episode.js';
import { episodeMemory } from '../alerts/episode-memory.js';
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
import { isCounted, noteUnanswered, type Telemetry } from '../model/telemetry.js';
import type { TopicPartition } from '../model/units.js';
import { type Planned, planner } from '../rules/planner.js';
import type { AlertRule, DeviceFacts } from '../rules/rules.js';
import { RuleError } from '../rules/rule-error.js';
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
 * - Errors: pass through. An expression without an answer does not decide; it is noted on the record, and counts against the rule.
 * - Purity: no clock; ids are made of rule, device and the offset of the raising record, so a replay raises the same alert.
 * - Cost: two comparisons per metric that was read, as long as all is normal; then, and with expressions, one per level of each rule.
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

/** The rules of one `alert`, worked out once; what it remembers is in `state`. */
class Alerts {
  readonly #planOf: (device: Device, profile: Profile) => Planned;
  readonly #episodesOf: (device: Device) => RuleStates<Episode>;
  readonly #decisions: Decisions;
  readonly #newest: Newest;
  readonly #seenOf: (device: Device) => Seen;
  readonly #names: readonly string[];
  /** Metrics of which an expression needs the newest: it reads others with them. */
  readonly #noted: readonly number[];
  /** Whether any rule decides on windows or scores. */
  readonly #isBeside: boolean;
  /** What a rule is asked, written over and over. */
  readonly #asked = { value: NaN, readings: [] as readonly number[], facts: nobody };

  readonly #calm = new CalmDevices();
  /** By place in the plan: the level that the record under way reaches. */
  readonly #reached: number[] = [];

  constructor(
    { rules, time }: Pick<PipelineSettings, 'rules' | 'time'>,
    readonly state: PartitionState,
  ) {
    this.#planOf = planner(rules);
    this.#episodesOf = state.ofDevice(episodeMemory(rules));
    this.#decisions = new Decisions(rules, state, time.maxAheadMs);
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
        this.#decisions.reconcile(timestampMs, offset, draft);
        if (beside !== null) this.#besideUntil(offset - 1, beside, source, draft);
        draft.confirm();
        // `latest` has folded it, whatever becomes of it here.
        if (beside !== null) see(this.#seenOf(record.value.device), record.value);
        // Every rule is asked before anything changes: where one has no answer, the record leaves nothing behind.
        const readings = newestOf(record.value);
        const isQuiet = this.#weigh(record.value, readings);
        this.#decisions.pass(timestampMs, offset, draft);
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
  #weigh(telemetry: Telemetry, readings: readonly number[]): boolean {
    const { device, profile } = telemetry;
    const planned = this.#planOf(device, profile);
    const { plan, facts } = planned;
    const areCalm = this.#calm.areCalm(plan.alerts, readings);
    if (areCalm && planned.isSettled && this.#calm.isNormal(device.index)) return true;
    const { byRule } = this.#episodesOf(device);
    // Where there is no episode, none can be of a rule that no longer matches.
    if (this.#calm.lookAt(device.index, byRule)) planned.isSettled = true;
    if (areCalm && planned.isSettled && areUnmoved(plan.alerts, byRule, readings)) return true;
    let isQuiet = planned.isSettled;
    for (let i = 0; i < plan.alerts.length; i += 1) {
      const rule = plan.alerts[i];
      if (rule === undefined) continue;
      const reached = this.#levelOf(rule, telemetry, readings, facts, byRule[rule.index]?.standing.level ?? 0);
      this.#reached[i] = reached;
      if (reached > 0 || (reached === 0 && byRule[rule.index] !== undefined)) isQuiet = false;
    }
    return isQuiet;
  }

  /** An expression without an answer does not decide, and is noted: the record has been folded by others already. */
  #levelOf(
    rule: AlertRule,
    telemetry: Telemetry,
    readings: readonly number[],
    facts: DeviceFacts,
    held: number,
  ): number {
    if (!this.#isAsked(rule, telemetry.device, readings, facts)) return unasked;
    try {
      return levelOf(rule.levels, held, this.#asked);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      noteUnanswered(telemetry, error.rule);
      return unasked;
    }
  }

  #take(
    { value: { device, profile, eventTimeMs }, origin }: Sourced<Telemetry>,
    readings: readonly number[],
    source: TopicPartition,
    draft: Draft<Telemetry>,
  ): void {
    this.#calm.disturb(device.index);
    const planned = this.#planOf(device, profile);
    const { alerts } = planned.plan;
    const episodes = this.#episodesOf(device);
    const { offset } = origin;
    if (!planned.isSettled) this.#decisions.endOthers(device, planned, { atMs: eventTimeMs, offset }, draft);
    for (let i = 0; i < alerts.length; i += 1) {
      const [rule, reached] = [alerts[i], this.#reached[i] ?? unasked];
      if (rule === undefined || reached === unasked) continue;
      if (reached === 0 && episodes.byRule[rule.index] === undefined) continue;
      const value = rule.input._tag === 'reading' ? (readings[rule.input.metric] ?? NaN) : NaN;
      this.#decisions.decide(
        rule,
        episodes,
        reached,
        { source, atMs: eventTimeMs, offset, device, facts: planned.facts, value, evidence: null },
        draft,
      );
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
    if (input._tag !== 'device' || !isNewFor(input.metrics, readings)) return false;
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
      this.#calm.disturb(device.index);
      const episodes = this.#episodesOf(device);
      const { plan, facts } = this.#planOf(device, this.#seenOf(device).profile);
      const atMs = next._tag === 'window' ? next.said.endMs : next.said.atMs;
      const evidence = next._tag === 'finding' ? evidenceOf(next.said) : null;
      for (const rule of plan.alerts) {
        const value = valueFor(rule.input, next, this.#names);
        if (value === null) continue;
        this.#ask(value, noReadings, facts);
        const reached = levelOf(rule.levels, episodes.byRule[rule.index]?.standing.level ?? 0, this.#asked);
        const { offset: at } = next.said;
        this.#decisions.decide(rule, episodes, reached, { source, atMs, offset: at, device, facts, value, evidence }, draft); // prettier-ignore
      }
    }
  }
}

const noReadings: readonly number[] = [];
const nobody: DeviceFacts = { id: '', profile: unknownProfile };
/** In place of a level: the rule was not asked. */
const unasked = -1;

const readTogether = ({ input }: AlertRule): readonly number[] =>
  input._tag === 'device' && input.metrics.length > 1 ? input.metrics : [];

/** Whether a record holds something new for an expression. One that reads no metric is about the device, and is asked with all that is new. */
const isNewFor = (metrics: readonly number[], readings: readonly number[]): boolean =>
  metrics.length === 0 ? !readings.every(Number.isNaN) : holdsOneOf(metrics, readings);

/** Readings that are the newest of their metric, and count; NaN for others. */
const newestOf = (telemetry: Telemetry): readonly number[] => {
  const { readings, outdated, flags } = telemetry;
  if (outdated === null && flags === null) return readings;
  return readings.map((value, i) => (outdated?.includes(i) !== true && isCounted(telemetry, i) ? value : NaN));
};

const evidenceOf = ({ detector, score, low, high }: Finding): Evidence => ({ detector, score, low, high });
