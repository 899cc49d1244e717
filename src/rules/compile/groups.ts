import type { AlertLevel, AlertRule, Plan } from '../../../streams/rules/rules.js';
import type { ChangeDoc, GroupDoc } from '../document/devices.js';
import type { Entry, Place } from '../findings.js';
import { checkLevels, moved, warnOfSide } from './levels.js';
import type { Names } from './names.js';
import type { Bound, Scope } from './scope.js';

/** A group of devices, its references looked up. */
export interface Group {
  readonly selector: number;
  readonly tags: readonly string[];
  readonly reportEveryMs: number | null;
  /** By slot. */
  readonly calibrate: ReadonlyMap<number, { readonly scale: number; readonly offset: number }>;
  /** By alert id; null: the rule is off. */
  readonly override: ReadonlyMap<string, (rule: AlertRule) => AlertRule | null>;
}

export const groupsOf = (
  entries: readonly Entry<GroupDoc>[],
  alerts: Names<Bound<AlertRule>>,
  scope: Scope,
): readonly Group[] =>
  entries.map(({ value, place }) => {
    const calibrate = Object.entries(value.calibrate ?? {}).flatMap(([name, correction]) => {
      const slot = scope.metrics.find(name, place, ['calibrate', name], true);
      if (slot?.isDerived === true)
        scope.findings.fault(place, ['calibrate', name], `${name} is computed: calibrate what it is computed from`, {
          isKey: true,
        });
      return slot === null ? [] : [[slot.slot, correction] as const];
    });
    const override = Object.entries(value.override ?? {}).flatMap(([id, change]) => {
      const alert = alerts.find(id, place, ['override', id], true);
      if (alert === null) return [];
      checkChange(change, alert.rule, place, ['override', id], scope);
      return [[id, (rule: AlertRule) => (change.off ? null : changed(rule, change))] as const];
    });
    return {
      selector: scope.selectors.placeOf(value.match),
      tags: value.tags ?? [],
      reportEveryMs: value.report_every,
      calibrate: new Map(calibrate),
      override: new Map(override),
    };
  });

const changed = (rule: AlertRule, change: ChangeDoc): AlertRule => ({
  ...rule,
  levels: rule.levels.map((level) =>
    levelWith(level, rule.levels.length === 1 ? change : change.levels?.[level.severity]),
  ),
  forMs: change.for ?? rule.forMs,
});

const levelWith = (
  level: AlertLevel,
  change: { readonly raise: number | null; readonly clear: number | null } | undefined,
): AlertLevel => {
  if (change === undefined) return level;
  return {
    ...level,
    raise: moved(level.raise, change.raise),
    // A raise level that moves alone takes a clear level along that was the same.
    clear: moved(level.clear, change.clear ?? (isOneLevel(level) ? change.raise : null)),
  };
};

const isOneLevel = ({ raise, clear }: AlertLevel): boolean =>
  raise._tag !== 'holds' && clear._tag !== 'holds' && raise.level === clear.level;

const checkChange = (change: ChangeDoc, rule: AlertRule, place: Place, path: readonly string[], scope: Scope): void => {
  const { findings } = scope;
  const isLadder = rule.levels.length > 1;
  const changesOne = change.raise !== null || change.clear !== null;
  if (rule.levels.some(({ raise }) => raise._tag === 'holds') && (changesOne || change.levels !== null))
    findings.fault(place, path, `${rule.id} is an expression: it has no levels to change; it can be switched off`);
  else if (isLadder && changesOne)
    findings.fault(place, path, `${rule.id} is a ladder: say under levels which one is meant`, {
      expected: rule.levels.map(({ severity }) => severity).join(', '),
    });
  else if (!isLadder && change.levels !== null)
    findings.fault(place, [...path, 'levels'], `${rule.id} has one level: say raise and clear`);
  for (const severity of Object.keys(change.levels ?? {}))
    if (isLadder && !rule.levels.some((level) => level.severity === severity))
      findings.fault(place, [...path, 'levels', severity], `${rule.id} has no level ${severity}`, { isKey: true });
  warnOfLevels(changed(rule, change), place, path, scope);
};

const warnOfLevels = ({ levels, input }: AlertRule, place: Place, path: readonly string[], scope: Scope): void => {
  for (const { severity, raise, clear } of levels) {
    if (raise._tag === 'holds' || clear._tag === 'holds') continue;
    const side = raise._tag === 'above' ? 'above' : 'below';
    const below = levels.length === 1 ? path : [...path, 'levels', severity];
    warnOfSide(side, raise.level, clear.level, place, below, scope.findings);
  }
  const slot = input._tag === 'reading' ? scope.metrics.peek(scope.metrics.all[input.metric] ?? '') : undefined;
  if (slot !== undefined) checkLevels(levels, slot, place, scope.findings, path);
};

/** What groups say together of a device; the last one wins where they contradict each other. */
export const settingsOf = (
  groups: readonly Group[],
  slots: number,
): Pick<Plan, 'tags' | 'reportEveryMs' | 'calibration'> => {
  const scale = new Array<number>(slots).fill(1);
  const offset = new Array<number>(slots).fill(0);
  for (const { calibrate } of groups)
    for (const [slot, correction] of calibrate) {
      scale[slot] = correction.scale;
      offset[slot] = correction.offset;
    }
  return {
    tags: [...new Set(groups.flatMap(({ tags }) => tags))],
    reportEveryMs: groups.findLast(({ reportEveryMs }) => reportEveryMs !== null)?.reportEveryMs ?? null,
    calibration: groups.some(({ calibrate }) => calibrate.size > 0) ? { scale, offset } : null,
  };
};
