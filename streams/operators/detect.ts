import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import type { Draft } from '../chunks/draft.js';
import { throughRecords } from '../chunks/through-records.js';
import { freshVerdict, type Verdict } from '../detectors/detector.js';
import { restoreState, storeState, StoredState } from '../detectors/stored-state.js';
import type { Chunk, Sourced } from '../model/chunk.js';
import type { Device, Profile } from '../model/device.js';
import { isCounted, type Telemetry } from '../model/telemetry.js';
import type { Offset } from '../model/units.js';
import { type Planned, planner } from '../rules/planner.js';
import type { DetectRule, Rules } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import { LogTime, logTimeMemoryOf } from '../state/log-time.js';
import type { PartitionState } from '../state/partition-state.js';
import { forgetRetired, ruleMemory, type RuleStates } from '../state/rule-memory.js';

/** How often silent devices are looked for, in log time, ms. */
const tickMs = 1_000;

/**
 * Judges readings by the detectors of the rules, each by what came before it.
 *
 * A score is told when it reaches the rule's threshold or no longer does, and always where an alert listens to the rule. A reading that came
 * behind a newer one, or that a check took out of statistics, is not judged. Detectors of time also judge that nothing came: whenever log
 * time crosses a second, each device that has become overdue is told; where an alert listens, again as that grows.
 *
 *     source   -a-b-c-|     temperature 20, 20, 90 after many of 20; threshold 0.9
 *     result   -a-b-F-|     F: c with a finding, and the band in which it was expected
 *
 * - Memory: what the detector says, per rule and device, in `state`; saved with the offset. Needs `latest` before it.
 * - Completion: passed on.
 * - Errors: pass through.
 * - Purity: no clock; that a device is silent is judged by log time, which stands still while we are behind.
 * - Cost: that of the detectors; one look at every device per second of log time where a detector of time is among them.
 */
export const detect =
  (
    settings: Pick<PipelineSettings, 'rules' | 'time'>,
    state: PartitionState,
  ): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    settings.rules.detect.length === 0
      ? chunks$
      : defer(() => {
          const detection = new Detection(settings, state);
          return chunks$.pipe(
            map((chunk) =>
              throughRecords<Telemetry, Telemetry>('detect', chunk, (record, draft) => {
                detection.look(record, draft);
                draft.keep(record);
              }),
            ),
          );
        });

/** What one rule remembers of one device. */
interface Held {
  readonly state: object;
  /** The last score told, when it reached the threshold; else 0. */
  over: number;
}

/** The rules of one `detect`, worked out once; what it remembers is in `state`. */
class Detection {
  readonly #planOf: (device: Device, profile: Profile) => Planned;
  readonly #heldOf: (device: Device) => RuleStates<Held>;
  readonly #logTime: LogTime;
  readonly #names: readonly string[];
  /** By rule: an alert decides on its scores. */
  readonly #isHeard: readonly boolean[];
  readonly #ofTime: readonly DetectRule[];
  readonly #verdict: Verdict = freshVerdict();
  #isReconciled = false;

  constructor(
    readonly settings: Pick<PipelineSettings, 'rules' | 'time'>,
    readonly state: PartitionState,
  ) {
    const { rules } = settings;
    this.#planOf = planner(rules);
    this.#heldOf = state.ofDevice(detectMemory(rules));
    this.#logTime = state.ofPartition(logTimeMemoryOf('detectLogTime'));
    this.#names = rules.metrics.map(({ name }) => name);
    this.#isHeard = rules.detect.map(({ id, metric }) =>
      rules.alerts.some(({ input }) => input._tag === 'detector' && input.rule === id && input.metric === metric),
    );
    this.#ofTime = rules.detect.filter(({ tuned }) => tuned.overdue !== undefined);
  }

  look({ value: telemetry, origin }: Sourced<Telemetry>, draft: Draft<Telemetry>): void {
    const { device, profile, readings, eventTimeMs } = telemetry;
    const { offset, timestampMs } = origin;
    if (!this.#isReconciled) {
      this.#isReconciled = true;
      forgetRetired(this.state, this.#heldOf);
    }
    if (this.#ofTime.length > 0) this.#passTime(timestampMs, offset, draft);
    const { byRule } = this.#heldOf(device);
    for (const rule of this.#planOf(device, profile).plan.detect) {
      const value = readings[rule.metric] ?? NaN;
      // A device that reports is not silent, whatever is thought of its readings.
      const isJudged = rule.tuned.overdue !== undefined || isFit(telemetry, rule.metric);
      if (Number.isNaN(value) || !isJudged) continue;
      const held = (byRule[rule.index] ??= { state: rule.tuned.create(), over: 0 });
      const judged = rule.detector.input === 'lag' ? timestampMs - eventTimeMs : value;
      // What is judged by log time must be heard of by log time: a device's own clock may be behind.
      const atMs = rule.tuned.overdue === undefined ? eventTimeMs : timestampMs;
      rule.tuned.step(held.state, judged, atMs, this.#verdict);
      this.state.touch(device);
      this.#tell(device, rule, held, judged, eventTimeMs, offset, draft);
    }
  }

  /** Looks for devices that have become overdue. In order of device id, whatever order they became known in. */
  #passTime(timestampMs: number, offset: Offset, draft: Draft<Telemetry>): void {
    const before = Math.floor(this.#logTime.timeMs / tickMs);
    this.#logTime.see(timestampMs, this.settings.time.maxAheadMs);
    const boundaryMs = Math.floor(this.#logTime.timeMs / tickMs) * tickMs;
    if (boundaryMs / tickMs <= before) return;
    const overdue: (readonly [Device, DetectRule, Held])[] = [];
    for (const device of this.state.devices()) {
      const { byRule } = this.#heldOf(device);
      for (const rule of this.#ofTime) {
        const held = byRule[rule.index];
        if (held === undefined || (held.over > 0 && this.#isHeard[rule.index] !== true)) continue;
        rule.tuned.overdue?.(held.state, boundaryMs, this.#verdict);
        if (isWorthTelling(this.#verdict.score, held.over, rule)) overdue.push([device, rule, held]);
      }
    }
    overdue.sort(([a], [b]) => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1));
    for (const [device, rule, held] of overdue) {
      rule.tuned.overdue?.(held.state, boundaryMs, this.#verdict);
      this.state.touch(device);
      this.#tell(device, rule, held, NaN, boundaryMs, offset, draft);
    }
    // That time has passed holds, whatever becomes of the record.
    draft.confirm();
  }

  #tell(
    device: Device,
    rule: DetectRule,
    held: Held,
    value: number,
    atMs: number,
    offset: Offset,
    draft: Draft<Telemetry>,
  ): void {
    const { score, low, high } = this.#verdict;
    const isFinding = score >= rule.threshold;
    if (!isFinding && held.over === 0 && this.#isHeard[rule.index] !== true) return;
    held.over = isFinding ? score : 0;
    draft.addFinding({
      rule: rule.id,
      detector: rule.detector.name,
      device: device.id,
      metric: this.#names[rule.metric] ?? '',
      atMs,
      offset,
      value: orNothing(value),
      score,
      low: orNothing(low),
      high: orNothing(high),
      isFinding,
    });
  }
}

/** Whether a reading is the newest of its metric, and counts. */
const isFit = (telemetry: Telemetry, metric: number): boolean =>
  telemetry.outdated?.includes(metric) !== true && isCounted(telemetry, metric);

/** How much nearer to 1 the score of a silence must come before it is told again. */
const nearer = 0.8;

/** Alerts are raised beyond a score: at the very threshold it would be in vain. A silence that lasts is told again, for those that are raised higher. */
const isWorthTelling = (score: number, over: number, { threshold }: DetectRule): boolean =>
  over === 0 ? score > threshold : 1 - score <= (1 - over) * nearer;

/** NaN is not JSON. */
const orNothing = (value: number): number | null => (Number.isFinite(value) ? value : null);

const StoredHeld = t.tuple([t.number, StoredState]);

const detectMemory = ({ detect: rules, metrics }: Rules) =>
  ruleMemory<Held>({
    name: 'detect',
    // A rule of the file is one for each of its metrics.
    rules: rules.map(({ id, index, metric, shape }) => ({ id: `${id}/${metrics[metric]?.name ?? ''}`, index, shape })),
    write: ({ over, state }, _rule, json) => json.value([over, storeState(state)]),
    decode: (stored, { index }, context) => {
      const decoded = StoredHeld.validate(stored, context);
      if (isLeft(decoded)) return decoded;
      const rule = rules[index];
      const [over, kept] = decoded.right;
      const state = rule === undefined ? null : restoreState(rule.tuned, kept);
      return state === null
        ? t.failure(stored, context, 'what a detector remembers is of another shape')
        : right({ over, state });
    },
  });
