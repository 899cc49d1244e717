import { isRight, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { defer, map, type MonoTypeOperatorFunction } from 'rxjs';
import { throughRecords } from '../chunks/through-records.js';
import type { Chunk } from '../model/chunk.js';
import type { Telemetry } from '../model/telemetry.js';
import { holdsOneOf, Newest } from '../rules/newest.js';
import { planner } from '../rules/planner.js';
import type { DeriveRule, Rules } from '../rules/rules.js';
import type { PipelineSettings } from '../rules/settings.js';
import { latestMemory } from '../state/latest-memory.js';
import type { PartitionState } from '../state/partition-state.js';
import { forgetRetired, ruleMemory } from '../state/rule-memory.js';

/**
 * Computes metrics from others of the same device, into slots of their own, in the order of the rules: one may be made of another.
 *
 * An expression is evaluated when the record holds something it reads; of other metrics it sees the newest. `deadband` lets a reading through
 * that differs enough from the last one let through, or comes long enough after it. `delta` and `rate` are of counters: a fall is a
 * rollover where that makes the smaller step, else a reset, after which the counter has counted from 0. `smooth` is the exponentially
 * weighted mean for irregular times, whose weight halves every half-life. A reading behind the one before gives nothing.
 *
 *     source   -a-b-c-|     energy 10, 15, 3; delta
 *     result   -a-b-c-|     delta: none, 5, 3 (a reset)
 *
 * - Memory: two numbers per rule and device, none for expressions, in `state`; saved with the offset.
 * - Completion: passed on.
 * - Errors: pass through. An expression without an answer makes its record a fault of the rule.
 * - Purity: no clock.
 * - Cost: one call per rule of the device.
 */
export const derive =
  ({ rules }: Pick<PipelineSettings, 'rules'>, state: PartitionState): MonoTypeOperatorFunction<Chunk<Telemetry>> =>
  (chunks$) =>
    rules.derive.length === 0
      ? chunks$
      : defer(() => {
          const planOf = planner(rules);
          const latestOf = state.ofDevice(latestMemory(rules.metrics));
          const rowsOf = state.ofDevice(derivedMemory(rules));
          const newest = new Newest(rules.metrics.length);
          let isReconciled = false;
          return chunks$.pipe(
            map((chunk) =>
              throughRecords<Telemetry, Telemetry>('derive', chunk, (record, draft) => {
                if (!isReconciled) {
                  isReconciled = true;
                  forgetRetired(state, rowsOf);
                }
                const { device, profile, readings, eventTimeMs } = record.value;
                const { byRule } = rowsOf(device);
                for (const rule of planOf(device, profile).plan.derive) {
                  if (rule.formula._tag === 'value') {
                    const { expression } = rule.formula;
                    const isNew = holdsOneOf(expression.reads, readings);
                    const isKnown = isNew && newest.fill(expression.reads, readings, latestOf(device));
                    readings[rule.slot] = isKnown
                      ? expression.evaluate(newest.readings, { id: device.id, profile })
                      : NaN;
                    continue;
                  }
                  const value = readings[rule.formula.of] ?? NaN;
                  const row = byRule[rule.index];
                  if (Number.isNaN(value)) readings[rule.slot] = NaN;
                  else if (row === undefined) {
                    byRule[rule.index] = [value, eventTimeMs];
                    readings[rule.slot] = first(rule.formula, value);
                  } else readings[rule.slot] = next(rule.formula, row, value, eventTimeMs);
                }
                draft.keep(record);
              }),
            ),
          );
        });

/** What a formula remembers: a value, and the event time that it is of, epoch ms. */
type Row = [value: number, atMs: number];
type Formula = Exclude<DeriveRule['formula'], { readonly _tag: 'value' }>;

const first = ({ _tag }: Formula, value: number): number => (_tag === 'deadband' || _tag === 'smooth' ? value : NaN);

const next = (formula: Formula, row: Row, value: number, atMs: number): number => {
  const [before, beforeMs] = row;
  const passedMs = atMs - beforeMs;
  if (passedMs < 0) return NaN;
  switch (formula._tag) {
    case 'deadband': {
      const isDue = formula.atMostMs !== null && passedMs >= formula.atMostMs;
      if (!isDue && Math.abs(value - before) <= formula.by) return NaN;
      row[0] = value;
      row[1] = atMs;
      return value;
    }
    case 'delta':
      row[0] = value;
      row[1] = atMs;
      return step(before, value, formula.rollover);
    case 'rate':
      // Two readings of one time: the later one counts with the next.
      if (passedMs === 0) return NaN;
      row[0] = value;
      row[1] = atMs;
      return (step(before, value, formula.rollover) / passedMs) * formula.perMs;
    case 'smooth': {
      const smoothed = value + (before - value) * 2 ** (-passedMs / formula.halfLifeMs);
      row[0] = smoothed;
      row[1] = atMs;
      return smoothed;
    }
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
    textOf: (row) => JSON.stringify(row),
    decode: (stored, _rule, context) => {
      const row = StoredRow.validate(stored, context);
      // A double from the start, whatever the number.
      return isRight(row) ? right<t.Errors, Row>([row.right[0] + 0, row.right[1] + 0]) : row;
    },
  });
