import { baseStatistics, isStatistic, statisticNames, statisticsFor } from '../../../streams/statistics/registry.js';
import type { WindowRule } from '../../../streams/rules/rules.js';
import { spanCode } from '../../../streams/windows/span.js';
import { formatDuration } from '../../config/quantity.js';
import type { WindowDoc } from '../document/windows.js';
import type { Entry } from '../findings.js';
import { shapeIn } from '../version.js';
import type { Slot } from './metrics.js';
import { type Bound, type Scope, slotOf } from './scope.js';

export const windowsOf = (entries: readonly Entry<WindowDoc>[], scope: Scope): readonly Bound<WindowRule>[] =>
  entries.flatMap((entry, index): readonly Bound<WindowRule>[] => {
    const { value, place } = entry;
    const span = spanIn(value);
    if (span === null) return [];
    const slots = slotsIn(entry, scope);
    checkSpan(entry, scope);
    checkStatistics(entry, scope);
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

const spanIn = ({ tumbling, hopping, session, count }: WindowDoc): WindowRule['span'] | null => {
  if (tumbling !== null) return { _tag: 'tumbling', sizeMs: tumbling };
  if (hopping !== null) return { _tag: 'hopping', sizeMs: hopping.size, everyMs: hopping.every };
  if (session !== null) return { _tag: 'session', gapMs: session.gap };
  return count === null ? null : { _tag: 'count', size: count };
};

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

const mostOverlaps = 1_000;

const checkSpan = (
  { value: { hopping, count, allowed_lateness }, place }: Entry<WindowDoc>,
  { findings }: Scope,
): void => {
  if (count !== null && allowed_lateness !== null)
    findings.warn(place, ['allowed_lateness'], 'says nothing: windows of a count take readings as they come');
  if (hopping === null) return;
  const { size, every } = hopping;
  if (size % every !== 0)
    findings.fault(place, ['hopping', 'size'], `it must be a multiple of every, ${formatDuration(every)}`, {
      found: formatDuration(size),
    });
  if (size / every > mostOverlaps)
    findings.fault(
      place,
      ['hopping', 'every'],
      `each reading would be in ${Math.ceil(size / every)} windows, and may be in ${mostOverlaps}`,
    );
};

const checkStatistics = ({ value: { statistics }, place }: Entry<WindowDoc>, { findings }: Scope): void => {
  for (const [at, name] of (statistics ?? []).entries()) {
    if (!isStatistic(name))
      findings.fault(place, ['statistics', String(at)], `there is no statistic ${name}`, {
        expected: statisticNames.join(', '),
        found: name,
        among: statisticNames,
      });
    else if (baseStatistics.some((base) => base === name))
      findings.warn(place, ['statistics', String(at)], `need not be said: every window has ${name}`);
  }
};
