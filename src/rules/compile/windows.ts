import { baseStatistics, isStatistic, statisticNames, statisticsFor } from '../../../streams/statistics/registry.js';
import type { WindowRule } from '../../../streams/rules/rules.js';
import type { Span } from '../../../streams/windows/kinds/kind.js';
import { spanCode } from '../../../streams/windows/span.js';
import { formatDuration } from '../../config/quantity.js';
import { placeOfSetting, spanOfDoc, type WindowDoc } from '../document/windows.js';
import type { Entry } from '../findings.js';
import { shapeIn } from '../version.js';
import type { Slot } from './metrics.js';
import { type Bound, type Scope, slotOf } from './scope.js';

export const windowsOf = (entries: readonly Entry<WindowDoc>[], scope: Scope): readonly Bound<WindowRule>[] =>
  entries.flatMap((entry, index): readonly Bound<WindowRule>[] => {
    const { value, place } = entry;
    const span = spanOfDoc(value);
    if (span === null) return [];
    const slots = slotsIn(entry, scope);
    checkSpan(entry, span, scope);
    checkStatistics(entry, slots, scope);
    const rule: WindowRule = {
      id: value.id,
      index,
      metrics: slots.map(({ slot }) => slot),
      span,
      allowedLatenessMs: value.allowed_lateness ?? 0,
      statistics: statisticsFor(value.statistics ?? []),
      shape: `${spanCode(span)}.${shapeIn([[...(value.statistics ?? [])].sort(), slots.map(({ name, unit }) => [name, unit])])}`,
    };
    return [{ rule, selector: scope.selectors.placeOf(value.match), place }];
  });

const slotsIn = ({ value: { metrics }, place }: Entry<WindowDoc>, scope: Scope): readonly Slot[] => {
  const names =
    typeof metrics === 'string'
      ? scope.metrics.all.filter((name) => scope.metrics.peek(name)?.isDerived === false)
      : metrics;
  const slots = names.map((name, at) => slotOf(scope, name, place, ['metrics', String(at)]));
  const repeated = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (repeated >= 0)
    scope.findings.fault(place, ['metrics', String(repeated)], `${names[repeated] ?? ''} is in the list already`);
  return slots.filter((slot) => slot !== null);
};

const checkSpan = (
  { value: { allowed_lateness }, place }: Entry<WindowDoc>,
  { kind, settings }: Span,
  { findings }: Scope,
): void => {
  if (!kind.isOfTime && allowed_lateness !== null)
    findings.warn(place, ['allowed_lateness'], `says nothing: windows of a ${kind.name} take readings as they come`);
  for (const { setting, message, found } of kind.faultsOf?.(settings, formatDuration) ?? [])
    findings.fault(place, placeOfSetting(kind, setting), message, found === undefined ? {} : { found });
};

const checkStatistics = (
  { value: { statistics }, place }: Entry<WindowDoc>,
  slots: readonly Slot[],
  { findings }: Scope,
): void => {
  for (const [at, name] of (statistics ?? []).entries()) {
    if (!isStatistic(name))
      findings.fault(place, ['statistics', String(at)], `there is no statistic ${name}`, {
        expected: statisticNames.join(', '),
        found: name,
        among: statisticNames,
      });
    else if (baseStatistics.some((base) => base === name))
      findings.warn(place, ['statistics', String(at)], `need not be said: every window has ${name}`);
    const most = isStatistic(name) ? statisticsFor([name])[0]?.mostValues : undefined;
    const over = most === undefined ? [] : slots.filter((slot) => valuesOf(slot) > most);
    if (over.length > 0)
      findings.warn(
        place,
        ['statistics', String(at)],
        `${name} is for metrics of few values: of a window it counts ${most ?? 0}, and ${over.map((slot) => slot.name).join(', ')} can have more`,
      );
  }
};

/** How many different values a metric can have, as far as that is known; without a number of decimals they are taken to be whole. */
const valuesOf = ({ min, max, decimals }: Slot): number =>
  Number.isFinite(max - min) ? Math.floor((max - min) * 10 ** (decimals ?? 0)) + 1 : 0;
