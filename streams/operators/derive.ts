import { isRight, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk } from '../model/chunk.js';
import type { Device, Profile } from '../model/device.js';
import { isCounted, noteUnanswered, type Telemetry } from '../model/telemetry.js';
import { type Planned, planner } from '../rules/planner.js';
import { RuleError } from '../rules/rule-error.js';
import type { DeriveRule, Rules } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import { holdsOneOf, Newest } from '../state/newest.js';
import type { PartitionState } from '../state/partition-state.js';
import { forgetRetired, ruleMemory, type RuleStates } from '../state/rule-memory.js';

/**
 * Computes metrics from others of the same device, into slots of their own, in the order of the rules: one may be made of another.
 *
 * An expression is evaluated when the record holds something it reads; of other metrics it sees the newest. `deadband` lets a reading through
 * that differs enough from the last one let through, or comes long enough after it. `delta` and `rate` are of counters: a fall is a
 * rollover where that makes the smaller step, else a reset, after which the counter has counted from 0. `smooth` is the exponentially
 * weighted mean for irregular times, whose weight halves every half-life. A reading behind the one that it is compared with
 * gives nothing, nor does one that a check took out of statistics.
 *
 *     source   -a-b-c-|     energy 10, 15, 3; delta
 *     result   -a-b-c-|     delta: none, 5, 3 (a reset)
 *
 * - Memory: two numbers per rule and device, in `state`; saved with the offset. For expressions, two per metric that is read together with others.
 * - Completion: passed on.
 * - Errors: pass through. An expression without an answer gives nothing, and is noted on the record: what does not read it goes on.
 * - Purity: no clock.
 * - Cost: one call per rule of the device.
 */
export const derive =
  ({ rules }: Pick<PipelineSettings, 'rules'>, state: PartitionState): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    rules.derive.length === 0
      ? chunks$
      : defer(() => {
          const derivation = new Derivation(rules, state);
          return chunks$.pipe(
            map((chunk) =>
              throughRecords<Telemetry, Telemetry>('derive', chunk, (record, draft) => {
                derivation.fill(record.value);
                draft.keep(record);
              }),
            ),
          );
        });

/** The rules of one `derive`, worked out once; what it remembers is in `state`. */
class Derivation {
  readonly #planOf: (device: Device, profile: Profile) => Planned;
  readonly #rowsOf: (device: Device) => RuleStates<Row>;
  readonly #newest: Newest;
  /** Metrics of which an expression needs the newest: it reads others with them. */
  readonly #noted: readonly number[];
  /** What rules will remember, by rule: nothing is assigned before all have been asked. */
  readonly #next: Row[];
  #isReconciled = false;

  constructor(
    readonly rules: Rules,
    readonly state: PartitionState,
  ) {
    this.#planOf = planner(rules);
    this.#rowsOf = state.ofDevice(derivedMemory(rules));
    this.#newest = new Newest(state, 'derivedFrom', rules.metrics);
    this.#noted = [...new Set(rules.derive.flatMap(readTogether))];
    this.#next = rules.derive.map(() => [NaN, NaN]);
  }

  /** Puts what is derived into the slots of a record. */
  fill(telemetry: Telemetry): void {
    const { device, profile, readings, flags, eventTimeMs } = telemetry;
    if (!this.#isReconciled) {
      this.#isReconciled = true;
      forgetRetired(this.state, this.#rowsOf);
    }
    const { derive: rules } = this.#planOf(device, profile).plan;
    const { byRule } = this.#rowsOf(device);
    const counted = flags === null ? readings : readings.map((value, i) => (isCounted(telemetry, i) ? value : NaN));
    for (const { index, slot, formula } of rules) {
      const next = this.#next[index];
      if (next === undefined) continue;
      next[0] = NaN;
      if (formula._tag === 'value') {
        const { reads, evaluate } = formula.expression;
        const isKnown = holdsOneOf(reads, counted) && this.#newest.fill(device, reads, counted);
        const answer = (): number => evaluate(this.#newest.readings, { id: device.id, profile });
        counted[slot] = isKnown ? answered(telemetry, answer) : NaN;
        continue;
      }
      const value = counted[formula.of] ?? NaN;
      counted[slot] = Number.isNaN(value) ? NaN : derived(formula, byRule[index], value, eventTimeMs, next);
    }
    if (counted !== readings) for (const { slot } of rules) readings[slot] = counted[slot] ?? NaN;
    for (const { index } of rules) {
      const [value, atMs] = this.#next[index] ?? [NaN, NaN];
      if (Number.isNaN(value)) continue;
      const row = (byRule[index] ??= [NaN, NaN]);
      row[0] = value;
      row[1] = atMs;
      this.state.touch(device);
    }
    for (const slot of this.#noted) this.#newest.note(device, slot, counted, eventTimeMs);
  }
}

const answered = (telemetry: Telemetry, answer: () => number): number => {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    noteUnanswered(telemetry, error.rule);
    return NaN;
  }
};

const readTogether = ({ formula }: DeriveRule): readonly number[] =>
  formula._tag === 'value' && formula.expression.reads.length > 1 ? formula.expression.reads : [];

/** What a formula remembers: a value, and the event time that it is of, epoch ms. */
type Row = [value: number, atMs: number];
type Formula = Exclude<DeriveRule['formula'], { readonly _tag: 'value' }>;

/** Gives the reading, and in `next` what is to be remembered; that stays NaN where nothing is. */
const derived = (formula: Formula, row: Row | undefined, value: number, atMs: number, next: Row): number => {
  const [before, beforeMs] = row ?? [NaN, -Infinity];
  const passedMs = atMs - beforeMs;
  if (passedMs < 0) return NaN;
  next[0] = value;
  next[1] = atMs;
  switch (formula._tag) {
    case 'deadband': {
      const isDue = formula.atMostMs !== null && passedMs >= formula.atMostMs;
      if (isDue || !(Math.abs(value - before) <= formula.by)) return value;
      next[0] = NaN;
      return NaN;
    }
    case 'delta':
      return row === undefined ? NaN : step(before, value, formula.rollover);
    case 'rate':
      if (row === undefined) return NaN;
      // Two readings of one time: the later one counts with the next.
      if (passedMs === 0) next[0] = NaN;
      return passedMs === 0 ? NaN : (step(before, value, formula.rollover) / passedMs) * formula.perMs;
    case 'smooth':
      if (row !== undefined) next[0] = value + (before - value) * 2 ** (-passedMs / formula.halfLifeMs);
      return next[0];
  }
};

/** How far a counter went. */
const step = (before: number, value: number, rollover: number | null): number => {
  if (value >= before) return value - before;
  const over = rollover === null ? Infinity : rollover - before + value;
  return over < before - value ? over : value;
};

const StoredRow = t.tuple([t.number, t.number]);

const derivedMemory = (rules: Rules) =>
  ruleMemory<Row>({
    name: 'derive',
    rules: rules.derive,
    write: (row, _rule, json) => json.value(row),
    decode: (stored, _rule, context) => {
      const row = StoredRow.validate(stored, context);
      // A double from the start, whatever the number.
      return isRight(row) ? right<t.Errors, Row>([row.right[0] + 0, row.right[1] + 0]) : row;
    },
  });
