import type { CheckRule, DeriveRule, DeviceFacts, Plan, WindowRule } from '../../../streams/rules/rules.js';
import type { CompiledAlert } from './alerts.js';
import type { DetectBound } from './detect.js';
import { type Group, settingsOf } from './groups.js';
import type { Bound } from './scope.js';
import type { Selector } from './selectors.js';

interface Planned {
  readonly slots: number;
  readonly groups: readonly Group[];
  readonly selectors: readonly Selector[];
  readonly checks: readonly Bound<CheckRule>[];
  readonly derive: readonly Bound<DeriveRule>[];
  readonly windows: readonly Bound<WindowRule>[];
  readonly detect: readonly DetectBound[];
  readonly alerts: readonly Bound<CompiledAlert>[];
}

export interface Plans {
  readonly planOf: (facts: DeviceFacts) => Plan;
  readonly tagsOf: (facts: DeviceFacts) => readonly string[];
}

/** One plan for each combination of groups and selectors that devices turn up with, made when the first one does. */
export const plansOf = (planned: Planned): Plans => {
  const { groups, selectors } = planned;
  const plans = new Map<string, Plan>();
  const known = new WeakMap<DeviceFacts, readonly string[]>();

  const groupsOf = (facts: DeviceFacts): { readonly tags: ReadonlySet<string>; readonly mine: readonly number[] } => {
    const tags = new Set<string>();
    const mine: number[] = [];
    for (const [index, { selector, tags: given }] of groups.entries()) {
      if (selectors[selector]?.(facts, tags) === false) continue;
      mine.push(index);
      for (const tag of given) tags.add(tag);
    }
    return { tags, mine };
  };

  return {
    planOf: (facts) => {
      const { tags, mine } = groupsOf(facts);
      const matched = selectors.map((selector) => selector(facts, tags));
      const key = `${mine.join(',')}|${matched.map(Number).join('')}`;
      const made = plans.get(key);
      if (made !== undefined) return made;
      const plan = planWith(planned, mine, matched);
      plans.set(key, plan);
      return plan;
    },
    tagsOf: (facts) => {
      const tags = known.get(facts) ?? [...groupsOf(facts).tags];
      known.set(facts, tags);
      return tags;
    },
  };
};

const planWith = (planned: Planned, mine: readonly number[], matched: readonly boolean[]): Plan => {
  const groups = mine.map((index) => planned.groups[index]).filter((group) => group !== undefined);
  const those = <R>(rules: readonly Bound<R>[]): readonly R[] =>
    rules.flatMap(({ rule, selector }) => (matched[selector] === false ? [] : [rule]));
  const settings = settingsOf(groups, planned.slots);
  return {
    ...settings,
    checks: those(planned.checks),
    derive: those(planned.derive),
    windows: those(planned.windows),
    detect: planned.detect.flatMap(({ rule, selector, reporting }) => {
      if (matched[selector] === false) return [];
      const { reportEveryMs } = settings;
      return [reporting === null || reportEveryMs === null ? rule : { ...rule, tuned: reporting(reportEveryMs) }];
    }),
    alerts: those(planned.alerts).flatMap((rule) => {
      const last = overridden(rule, groups);
      return last === null ? [] : [last];
    }),
  };
};

/** Later groups change what earlier ones left. */
const overridden = (rule: CompiledAlert, groups: readonly Group[]): CompiledAlert | null =>
  groups.reduce<CompiledAlert | null>(
    (left, { override }) =>
      left === null ? null : (override.get(rule.id)?.(left) ?? (override.has(rule.id) ? null : left)),
    rule,
  );
