import type { Rules } from '../../streams/rules/rules.js';
import { baseStatistics } from '../../streams/statistics/registry.js';
import type { DecodedCases } from '../rules/cases.js';
import { Findings, type Place, type RuleFault } from '../rules/findings.js';
import { countOf, mostRecords } from './case-records.js';

/** What a file of cases speaks of and the rules do not have. */
export const caseFaults = (cases: DecodedCases, rules: Rules): readonly RuleFault[] => {
  const findings = new Findings();
  const place: Place = { file: cases.file, path: [], rule: null };
  const measured = rules.metrics.filter(({ isDerived }) => !isDerived).map(({ name }) => name);
  const all = rules.metrics.map(({ name }) => name);
  const alertIds = rules.alerts.map(({ id }) => id);
  const known = (
    what: string,
    name: string,
    among: readonly string[],
    path: readonly string[],
    isKey = false,
  ): void => {
    if (among.includes(name)) return;
    const expected = among.length === 0 ? `the rules have no ${what}` : among.slice(0, 20).join(', ');
    findings.fault(place, path, `there is no ${what} ${name}`, { expected, found: name, among, isKey });
  };
  for (const test of cases.cases) {
    const at = test.path;
    let count = 0;
    for (const [i, record] of test.records.entries()) {
      const path = [...at, 'records', String(i)];
      for (const metric of Object.keys(record.values))
        known('measured metric', metric, measured, [...path, 'values', metric], true);
      for (const metric of Object.keys(record.units ?? {}))
        if (!(metric in record.values))
          findings.fault(place, [...path, 'units', metric], 'there is no value of it', { isKey: true });
      count += countOf(test, record);
      if (count > mostRecords && count - countOf(test, record) <= mostRecords)
        findings.fault(place, path, `a case has at most ${mostRecords} records, repetitions counted`);
    }
    for (const [i, { rule }] of (test.expect.alerts ?? []).entries())
      known('alert', rule, alertIds, [...at, 'expect', 'alerts', String(i), 'rule']);
    for (const [i, window] of (test.expect.windows ?? []).entries()) {
      const path = [...at, 'expect', 'windows', String(i)];
      known(
        'window',
        window.window,
        rules.windows.map(({ id }) => id),
        [...path, 'window'],
      );
      known('metric', window.metric, all, [...path, 'metric']);
      checkStatistics(window, rules, (name, why, among) => {
        findings.fault(place, [...path, 'results', name], why, {
          expected: among.join(', '),
          found: name,
          among,
          isKey: true,
        });
      });
    }
  }
  return findings.faults;
};

type ExpectedWindow = NonNullable<DecodedCases['cases'][number]['expect']['windows']>[number];

const checkStatistics = (
  { window, results }: ExpectedWindow,
  rules: Rules,
  fault: (name: string, why: string, among: readonly string[]) => void,
): void => {
  const rule = rules.windows.find(({ id }) => id === window);
  if (rule === undefined) return;
  for (const name of Object.keys(results)) {
    const isGiven =
      baseStatistics.some((base) => base === name) || rule.statistics.some((statistic) => statistic.gives(name));
    if (!isGiven) fault(name, `the window ${window} does not give ${name}`, [...baseStatistics]);
  }
};
