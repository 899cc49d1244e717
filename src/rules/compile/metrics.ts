import { converter, dimensionOf, isSameUnit, unitNames } from '../../../streams/codecs/units.js';
import { isUsable } from '../cel/language.js';
import type { Slot } from '../compiling.js';
import type { Decoded } from '../decode.js';
import type { DerivedDoc } from '../document/derive.js';
import type { MetricDoc } from '../document/metrics.js';
import type { Entry, Findings } from '../findings.js';
import { Names } from './names.js';

export type { Slot };

/** Measured ones in the order of the files, then derived ones. */
export const metricsOf = ({ sections, broken }: Decoded, findings: Findings): Names<Slot> => {
  const names = new Names<Slot>('metric', new Set([...broken.metrics, ...broken.derive]), findings);
  for (const entry of sections.metrics) {
    const name = entry.place.path[1] ?? '';
    checkUnits(entry, findings);
    if (!isUsable(name))
      findings.warn(entry.place, [], `expressions can't name it: ${name} means something else there`, { isKey: true });
    names.add(name, measured(name, entry.value, names.all.length));
  }
  if (names.all.length === 0 && broken.metrics.size === 0)
    for (const entry of [...sections.windows, ...sections.alerts].slice(0, 1))
      findings.fault(entry.place, [], 'there are no metrics: say under metrics what is measured', { isKey: true });
  for (const entry of sections.derive) {
    const { metric } = entry.value;
    if (entry.value.unit === null || entry.value.unit === '' || dimensionOf(entry.value.unit) !== null) {
      // Known, or none.
    } else warnOfUnit(entry, entry.value.unit, findings);
    names.add(metric, derivedSlot(entry.value, names));
  }
  return names;
};

const measured = (name: string, doc: MetricDoc, slot: number): Slot => {
  const [min, max] = doc.range;
  const isAccepted = (unit: string): boolean =>
    doc.accepts === null || isSameUnit(unit, doc.unit) || doc.accepts.some((other) => isSameUnit(unit, other));
  return {
    name,
    slot,
    unit: doc.unit,
    min,
    max,
    decimals: doc.decimals,
    missingUnit: doc.missing_unit,
    unknownUnit: doc.unknown_unit,
    conversionFrom: (unit) => {
      if (unit === doc.unit) return same;
      return isAccepted(unit) ? converter(unit, doc.unit) : null;
    },
    isDerived: false,
  };
};

const same = (value: number): number => value;

/** Smoothing and deadbands keep the unit of what they are made from. */
const derivedSlot = (doc: DerivedDoc, names: Names<Slot>): Slot => {
  const source = names.peek((doc.smooth ?? doc.deadband ?? doc.delta)?.of ?? '');
  const [min, max] = doc.range ?? [-Infinity, Infinity];
  const unit = doc.unit ?? source?.unit ?? '';
  return {
    name: doc.metric,
    slot: names.all.length,
    unit,
    min,
    max,
    decimals: doc.decimals ?? source?.decimals ?? null,
    missingUnit: 'assume',
    unknownUnit: 'reject',
    conversionFrom: (other) => (other === unit ? same : null),
    isDerived: true,
  };
};

const checkUnits = (entry: Entry<MetricDoc>, findings: Findings): void => {
  const { unit, accepts } = entry.value;
  const dimension = dimensionOf(unit);
  if (unit !== '' && dimension === null) warnOfUnit(entry, unit, findings);
  for (const [index, other] of (accepts ?? []).entries()) {
    const its = dimensionOf(other);
    if (its === null)
      findings.fault(entry.place, ['accepts', String(index)], `there is no unit ${other}`, {
        found: other,
        among: unitNames(dimension),
        ...(dimension === null ? {} : { expected: `a unit of ${dimension}: ${unitNames(dimension).join(', ')}` }),
      });
    else if (dimension !== its)
      findings.fault(
        entry.place,
        ['accepts', String(index)],
        unit === ''
          ? `${other} measures ${its}, and this metric has no unit`
          : `${other} measures ${its}, and ${unit} measures ${dimension ?? 'something unknown'}`,
        dimension === null ? {} : { expected: `a unit of ${dimension}: ${unitNames(dimension).join(', ')}` },
      );
  }
};

/** A unit of people's own is possible; more often it is a known one, misspelt. */
const warnOfUnit = (entry: Entry<unknown>, unit: string, findings: Findings): void => {
  findings.warn(entry.place, ['unit'], 'this unit is not known here: nothing can be converted to it', {
    found: unit,
    among: unitNames(),
  });
};
