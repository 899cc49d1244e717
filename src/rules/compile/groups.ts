import type { Plan } from '../../../streams/rules/rules.js';
import type { CompiledLevel, LevelChange } from '../conditions/condition.js';
import type { ChangeDoc, GroupDoc } from '../document/devices.js';
import type { Entry, Place } from '../findings.js';
import type { CompiledAlert } from './alerts.js';
import { checkMoved } from './levels.js';
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
  readonly override: ReadonlyMap<string, (rule: CompiledAlert) => CompiledAlert | null>;
}

export const groupsOf = (
  entries: readonly Entry<GroupDoc>[],
  alerts: Names<Bound<CompiledAlert>>,
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
      return [[id, (rule: CompiledAlert) => (change.off ? null : changed(rule, change))] as const];
    });
    return {
      selector: scope.selectors.placeOf(value.match),
      tags: value.tags ?? [],
      reportEveryMs: value.report_every,
      calibrate: new Map(calibrate),
      override: new Map(override),
    };
  });

const changed = (rule: CompiledAlert, change: ChangeDoc): CompiledAlert => ({
  ...rule,
  levels: rule.levels.map((level) =>
    levelWith(level, rule.levels.length === 1 ? change : change.levels?.[level.severity]),
  ),
  forMs: change.for ?? rule.forMs,
});

const levelWith = (level: CompiledLevel, change: LevelChange | undefined): CompiledLevel => {
  const moved = change === undefined ? '' : level.moved(change);
  return typeof moved === 'string' ? level : { ...level, ...moved };
};

/** Why a level can't be moved. */
const whyFixed = (level: CompiledLevel): readonly string[] => {
  const moved = level.moved({ raise: null, clear: null });
  return typeof moved === 'string' ? [moved] : [];
};

const checkChange = (
  change: ChangeDoc,
  rule: CompiledAlert,
  place: Place,
  path: readonly string[],
  scope: Scope,
): void => {
  const { findings } = scope;
  const isLadder = rule.levels.length > 1;
  const changesOne = change.raise !== null || change.clear !== null;
  const [why] = rule.levels.flatMap(whyFixed);
  if (why !== undefined && (changesOne || change.levels !== null)) findings.fault(place, path, `${rule.id} ${why}`);
  else if (isLadder && changesOne)
    findings.fault(place, path, `${rule.id} is a ladder: say under levels which one is meant`, {
      expected: rule.levels.map(({ severity }) => severity).join(', '),
    });
  else if (!isLadder && change.levels !== null)
    findings.fault(place, [...path, 'levels'], `${rule.id} has one level: say raise and clear`);
  for (const severity of Object.keys(change.levels ?? {}))
    if (isLadder && !rule.levels.some((level) => level.severity === severity))
      findings.fault(place, [...path, 'levels', severity], `${rule.id} has no level ${severity}`, { isKey: true });
  checkMoved(changed(rule, change).levels, rule.range, place, path, findings);
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
