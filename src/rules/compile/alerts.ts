import {
  baseStatistics,
  isStatistic,
  rangeOfResult,
  statisticsFor,
  unitOfResult,
} from '../../../streams/statistics/registry.js';
import type { AlertFacts, AlertInput, AlertRule, DetectRule, DeviceFacts } from '../../../streams/rules/rules.js';
import type { CompiledLevel, ValueRange } from '../conditions/condition.js';
import type { Slot } from '../compiling.js';
import type { AlertDoc } from '../document/alerts.js';
import type { WindowDoc } from '../document/windows.js';
import { profileField } from '../fields.js';
import type { Entry } from '../findings.js';
import { badNames, messageOf, placeholders, valueText } from '../message.js';
import { muteOf, scheduleOf } from '../schedule.js';
import { shapeIn } from '../version.js';
import { checkRange, conditionsIn, levelsOf } from './levels.js';
import type { Names } from './names.js';
import { type Bound, type Scope, slotOf } from './scope.js';

export interface AlertScope extends Scope {
  readonly windows: Names<Entry<WindowDoc>>;
  /** Metrics of each detection. */
  readonly detections: Names<readonly DetectRule[]>;
}

/** A rule whose levels can still be moved for a group of devices. */
export interface CompiledAlert extends AlertRule {
  readonly levels: readonly CompiledLevel[];
  /** Where what they are compared with lies; null where nobody knows. */
  readonly range: ValueRange | null;
}

/** The rule that summaries of floods name. */
const floodRule = 'flood';

export const alertsOf = (entries: readonly Entry<AlertDoc>[], scope: AlertScope): readonly Bound<CompiledAlert>[] =>
  entries.flatMap((entry, index): readonly Bound<CompiledAlert>[] => {
    const { value, place } = entry;
    if (value.id === floodRule)
      scope.findings.fault(place, ['id'], `${floodRule} is what summaries of floods are called: choose another`);
    const levels = levelsOf(entry, scope);
    const found = inputOf(entry, levels, scope);
    checkTimes(entry, scope);
    checkMessage(entry, scope);
    if (found === null || levels.length === 0) return [];
    const { input, slot, shown, range } = found;
    if (range !== null) checkRange(levels, range, place, scope.findings);
    const rule: CompiledAlert = {
      id: value.id,
      index,
      input,
      levels,
      range,
      forMs: value.for,
      keepForMs: value.keep_for,
      mOfN: value.m_of_n === null ? null : { m: value.m_of_n[0], n: value.m_of_n[1] },
      isScheduled: scheduleOf(value.schedule),
      isMuted: muteOf(value.mute),
      message: inUnit(
        value.message === null ? standardMessage(input, levels, shown) : messageOf(value.message, shown.decimals),
        shown,
      ),
      labels: value.labels ?? {},
      flood: floodOf(value),
      shape: shapeOf(input, levels, value, slot, scope),
    };
    return [{ rule, selector: scope.selectors.placeOf(value.match), place }];
  });

const scores = { name: 'a score', min: 0, max: 1 };

interface Input {
  readonly input: AlertInput;
  /** Whose values are compared; null for scores and expressions. */
  readonly slot: Slot | null;
  readonly shown: Shown;
  readonly range: ValueRange | null;
}

/** How people read what is compared: a statistic need not have the unit of its metric, nor its digits. */
interface Shown {
  /** Null: that of the metric. */
  readonly unit: string | null;
  /** Null: as many as it takes. */
  readonly decimals: number | null;
}

const bare: Shown = { unit: '', decimals: null };

const inUnit =
  (message: (facts: AlertFacts) => string, { unit }: Shown): ((facts: AlertFacts) => string) =>
  (facts) =>
    message(unit === null ? facts : { ...facts, unit });

const inputOf = (
  { value, place }: Entry<AlertDoc>,
  levels: readonly CompiledLevel[],
  scope: AlertScope,
): Input | null => {
  const { on } = value;
  const [whyNoOn] = conditionsIn(value, scope).flatMap((condition) => condition.whyNoOn ?? []);
  if (whyNoOn !== undefined) {
    if (on !== null) {
      scope.findings.fault(place, ['on'], whyNoOn);
      return null;
    }
    const reads = levels.flatMap(({ raise, clear }) => [...raise.reads, ...clear.reads]);
    return {
      input: { _tag: 'device', metrics: [...new Set(reads)].sort((a, b) => a - b) },
      slot: null,
      shown: bare,
      range: null,
    };
  }
  if (on === null) {
    scope.findings.fault(place, [], 'on is missing: say what the levels are compared with', {
      expected: 'a metric, the statistic of a window, or a detection',
    });
    return null;
  }
  if (typeof on === 'string') {
    const slot = slotOf(scope, on, place, ['on']);
    return slot === null
      ? null
      : {
          input: { _tag: 'reading', metric: slot.slot },
          slot,
          shown: { unit: null, decimals: slot.decimals },
          range: slot,
        };
  }
  return on.window === null ? detectionInput(on, place, scope) : windowInput(on, on.window, place, scope);
};

type Source = Exclude<AlertDoc['on'], string | null>;
type PlaceOf = Entry<AlertDoc>['place'];

const windowInput = ({ metric, statistic }: Source, id: string, place: PlaceOf, scope: AlertScope): Input | null => {
  const window = scope.windows.find(id, place, ['on', 'window']);
  const slot = slotOf(scope, metric ?? '', place, ['on', 'metric']);
  if (window === null || slot === null || statistic === null) return null;
  const { metrics, statistics } = window.value;
  if (typeof metrics === 'string' ? slot.isDerived : !metrics.includes(slot.name))
    scope.findings.fault(place, ['on', 'metric'], `window ${id} does not gather ${slot.name}`, {
      ...(typeof metrics === 'string' ? {} : { expected: metrics.join(', ') }),
    });
  const there = [...baseStatistics, ...(statistics ?? [])];
  const asked = statisticsFor(statistics ?? []);
  const isThere = there.includes(statistic) || asked.some((each) => each.gives(statistic));
  if (!isThere)
    scope.findings.fault(
      place,
      ['on', 'statistic'],
      isStatistic(statistic)
        ? `window ${id} does not compute ${statistic}: add it to its statistics`
        : `there is no statistic ${statistic}`,
      { expected: there.join(', '), found: statistic, among: there },
    );
  const unit = unitOfResult(statistic, slot.unit, asked);
  return {
    input: { _tag: 'window', rule: id, metric: slot.slot, statistic },
    slot,
    shown: { unit, decimals: decimalsOf(statistic, slot) },
    range: named(`${statistic} of ${slot.name}`, rangeOfResult(statistic, slot, asked)),
  };
};

const detectionInput = ({ detector, metric }: Source, place: PlaceOf, scope: AlertScope): Input | null => {
  const rules = scope.detections.find(detector ?? '', place, ['on', 'detector']);
  if (rules === null) return null;
  const names = rules.map(({ metric: slot }) => scope.metrics.all[slot] ?? '');
  const [only] = names;
  if (metric === null && names.length !== 1) {
    scope.findings.fault(place, ['on'], `detection ${detector ?? ''} watches several metrics: say which one is meant`, {
      expected: `metric: ${names.join(', ')}`,
    });
    return null;
  }
  const slot = slotOf(scope, metric ?? only ?? '', place, ['on', 'metric']);
  if (slot === null) return null;
  if (!names.includes(slot.name))
    scope.findings.fault(place, ['on', 'metric'], `detection ${detector ?? ''} does not watch ${slot.name}`, {
      expected: names.join(', '),
    });
  return {
    input: { _tag: 'detector', rule: detector ?? '', metric: slot.slot },
    slot: null,
    shown: bare,
    range: scores,
  };
};

const checkTimes = ({ value: { schedule, mute }, place }: Entry<AlertDoc>, { findings }: Scope): void => {
  for (const [at, span] of (schedule ?? []).entries())
    if (span.from === span.to)
      findings.fault(
        place,
        ['schedule', ...indexIn(schedule, at)],
        'it ends when it begins: leave out from and to for the whole day',
      );
  for (const [at, span] of (mute ?? []).entries()) {
    const isEmpty = 'zone' in span ? span.from === span.to : span.from >= span.to;
    if (isEmpty) findings.fault(place, ['mute', ...indexIn(mute, at), 'to'], 'it ends before it begins');
  }
};

/** One may be written without a list around it. */
const indexIn = (all: readonly unknown[] | null, at: number): readonly string[] =>
  (all?.length ?? 0) > 1 ? [String(at)] : [];

const checkMessage = ({ value: { message }, place }: Entry<AlertDoc>, { findings }: Scope): void => {
  for (const { name, index } of message === null ? [] : badNames(message))
    findings.fault(
      place,
      ['message'],
      /^[{}]$/.test(name)
        ? `${name} without its counterpart: write ${name}${name} for the character itself`
        : `there is no field ${name}`,
      {
        index,
        expected: `one of ${placeholders.join(', ')}`,
        found: name,
        among: placeholders,
      },
    );
};

const named = (name: string, range: Pick<ValueRange, 'min' | 'max'> | null): ValueRange | null =>
  range === null ? null : { name, min: range.min, max: range.max };

/** Statistics that are readings have the digits of readings; others as many as they need. */
const ofReadings: ReadonlySet<string> = new Set(['min', 'max', 'first', 'last']);
const decimalsOf = (statistic: string, slot: Slot): number | null => (ofReadings.has(statistic) ? slot.decimals : null);

const standardMessage = (
  input: AlertInput,
  levels: readonly CompiledLevel[],
  { decimals }: Shown,
): ((facts: AlertFacts) => string) => {
  const [first] = levels;
  const withUnit = (value: number, unit: string): string =>
    `${valueText(value, decimals)}${unit === '' ? '' : ` ${unit}`}`;
  const what = input._tag === 'window' ? `${input.statistic} of ` : input._tag === 'detector' ? 'score of ' : '';
  return (facts) => first?.says(facts, `${what}${facts.metric}`, (value) => withUnit(value, facts.unit)) ?? facts.rule;
};

const floodOf = ({ flood }: AlertDoc): AlertRule['flood'] => {
  if (flood === null) return null;
  const { by, most, per } = flood;
  if (by === 'all') return { groupOf: () => '', most, perMs: per };
  const field = profileField(by);
  return { groupOf: ({ profile }: DeviceFacts) => String(field(profile) ?? ''), most, perMs: per };
};

/** Levels may change while an episode goes on; what they are levels of may not. */
const shapeOf = (
  input: AlertInput,
  levels: readonly CompiledLevel[],
  { m_of_n }: AlertDoc,
  slot: Slot | null,
  { metrics }: Scope,
): string => {
  const what =
    input._tag === 'device' ? input._tag : { ...input, metric: metrics.all[input.metric], unit: slot?.unit ?? null };
  return shapeIn([what, levels.map(({ severity, condition }) => [severity, condition.shape]), m_of_n?.[1] ?? null]);
};
