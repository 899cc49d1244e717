import { from, lastValueFrom, tap } from 'rxjs';
import type { Alert, Severity } from '../../streams/model/alert.js';
import { emptyTally, type Outcome, type Tally, addTally, tallyOf } from '../../streams/model/chunk.js';
import type { WindowResult } from '../../streams/model/window.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import { baseStatistics } from '../../streams/statistics/registry.js';
import { type TestCase, timeIn } from '../rules/cases.js';
import { chunksOf } from './case-records.js';
import { difference, type Line } from './line-difference.js';
import { Rejected, type RejectedFor } from './rejected.js';
import { replay } from './replay.js';

/** A transition as cases name it. */
export interface Step {
  readonly atMs: number;
  readonly rule: string;
  readonly device: string;
  readonly state: 'active' | 'cleared';
  /** Null where a case does not say. */
  readonly severity: Severity | null;
}

/** A window that is not as it was expected to be. */
export interface WindowFault {
  readonly window: string;
  readonly device: string;
  readonly metric: string;
  readonly fromMs: number;
  /** Statistics that are off; null when there is no such window. */
  readonly off: readonly { readonly name: string; readonly expected: number; readonly found: number | null }[] | null;
  /** Where such windows begin instead, the first few of them, when there is none here. */
  readonly others: readonly number[];
}

export interface CaseResult {
  readonly name: string;
  readonly startMs: number;
  readonly isPassed: boolean;
  readonly tally: Tally;
  /** Transitions expected and found; null when they are the same, or not looked at. */
  readonly alerts: readonly Line<Step>[] | null;
  readonly windows: readonly WindowFault[];
  /** Null when it is right, or not looked at. */
  readonly rejected: { readonly expected: number; readonly found: number } | null;
  readonly reasons: readonly RejectedFor[];
}

/** Runs one case: its records through the rules, from nothing. */
export const runCase = async (test: TestCase, settings: PipelineSettings): Promise<CaseResult> => {
  const found = new Found();
  const outcomes$ = from(chunksOf(test)).pipe(
    replay(settings),
    tap((outcome) => found.add(outcome)),
  );
  await lastValueFrom(outcomes$, { defaultValue: null });
  const { tally } = found;
  const dead = tally.dead + tally.late;
  const alerts =
    test.expect.alerts === null
      ? null
      : difference(
          test.expect.alerts.map((step) => expectedStep(step, test)),
          found.steps,
          isSame,
        );
  const isOff = alerts?.some(({ sign }) => sign !== '=') ?? false;
  const windows = (test.expect.windows ?? []).flatMap((expected) => found.faultOf(expected, test));
  const isMiscounted = test.expect.rejected !== null && test.expect.rejected !== dead;
  return {
    name: test.name,
    startMs: test.start,
    isPassed: !isOff && windows.length === 0 && !isMiscounted,
    tally,
    alerts: isOff ? alerts : null,
    windows,
    rejected: isMiscounted ? { expected: test.expect.rejected ?? 0, found: dead } : null,
    reasons: found.rejected.reasons(),
  };
};

type ExpectedStep = NonNullable<TestCase['expect']['alerts']>[number];
type ExpectedWindow = NonNullable<TestCase['expect']['windows']>[number];

const expectedStep = ({ at, rule, device, state, severity }: ExpectedStep, test: TestCase): Step => ({
  atMs: timeIn(test, at),
  rule,
  device,
  state,
  severity,
});

const isSame = (expected: Step, found: Step): boolean =>
  expected.atMs === found.atMs &&
  expected.rule === found.rule &&
  expected.device === found.device &&
  expected.state === found.state &&
  (expected.severity === null || expected.severity === found.severity);

/** What came out of a case, as far as cases speak of it. */
class Found {
  readonly steps: Step[] = [];
  readonly rejected = new Rejected();
  tally = emptyTally;
  readonly #windows = new Map<string, WindowResult>();

  add(outcome: Outcome): void {
    this.tally = addTally(this.tally, tallyOf(outcome));
    this.rejected.add(outcome.rejected);
    for (const alert of outcome.alerts) this.#addStep(alert);
    for (const window of outcome.windows) this.#windows.set(keyOf(window), window);
  }

  faultOf(expected: ExpectedWindow, test: TestCase): readonly WindowFault[] {
    const { window, device, metric, results, within } = expected;
    const fromMs = timeIn(test, expected.from);
    const where = { window, device, metric, fromMs };
    const found = this.#windows.get(keyOf({ rule: window, device, metric, startMs: fromMs }));
    if (found === undefined) return [{ ...where, off: null, others: this.#startsOf(expected) }];
    const off = Object.entries(results).flatMap(([name, wanted]) => {
      const value = statisticOf(found, name);
      return value !== null && Math.abs(value - wanted) <= within ? [] : [{ name, expected: wanted, found: value }];
    });
    return off.length === 0 ? [] : [{ ...where, off, others: [] }];
  }

  /** Summaries of floods are no transitions of a rule, and neither are comings and goings within `keep_for`. */
  #addStep({ rule, device, state, severity, reason, history }: Alert): void {
    const last = history.at(-1);
    if (device === '' || state === 'recovering' || reason === 'relapsed' || last === undefined) return;
    this.steps.push({ atMs: last.atMs, rule, device, state, severity });
  }

  #startsOf({ window, device, metric }: ExpectedWindow): readonly number[] {
    const starts: number[] = [];
    for (const found of this.#windows.values())
      if (found.rule === window && found.device === device && found.metric === metric) starts.push(found.startMs);
    return starts.slice(0, 5);
  }
}

const keyOf = (window: Pick<WindowResult, 'rule' | 'device' | 'metric' | 'startMs'>): string =>
  `${window.rule} ${window.device} ${window.metric} ${window.startMs}`;

const statisticOf = (window: WindowResult, name: string): number | null => {
  const own = baseStatistics.find((each) => each === name);
  return own === undefined ? (window.more[name] ?? null) : window[own];
};
