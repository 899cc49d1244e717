import { closest } from './nearest.js';
import type { CrossFinding } from './cross-checks.js';
import type { Document } from './document.js';

/** What must hold between the table of metrics, the alert rules and the windows. */
export const ruleChecks = (from: Document): readonly CrossFinding[] => [
  ...from.metrics.flatMap((metric, index) =>
    metric.min < metric.max
      ? []
      : [fault(`min ${metric.min} must be less than max ${metric.max}`, `metrics.${index}.min`)],
  ),
  ...(from.window.metrics ?? []).flatMap((name, index) => unknownMetric(from, name, `window.metrics.${index}`)),
  ...(from.alerts ?? []).flatMap((rule, index) => ruleFindings(from, rule, `alerts.${index}`)),
];

const fault = (problem: string, ...paths: readonly [string, ...string[]]): CrossFinding => ({
  isFault: true,
  paths,
  problem,
});

const unknownMetric = ({ metrics }: Document, name: string, path: string): readonly CrossFinding[] => {
  const names = metrics.map((metric) => metric.name);
  if (names.includes(name)) return [];
  const near = closest(name, names);
  const hint = near === null ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  return [fault(`there is no metric ${name}: ${hint}`, path, 'metrics')];
};

type Rule = NonNullable<Document['alerts']>[number];

const ruleFindings = (from: Document, rule: Rule, path: string): readonly CrossFinding[] => {
  const metric = from.metrics.find(({ name }) => name === rule.metric);
  if (metric === undefined) return unknownMetric(from, rule.metric, `${path}.metric`);
  const isInverted = rule.direction === 'above' ? rule.clear > rule.raise : rule.clear < rule.raise;
  const side = rule.direction === 'above' ? 'greater' : 'less';
  const canRaise = rule.direction === 'above' ? rule.raise < metric.max : rule.raise > metric.min;
  return [
    ...(isInverted
      ? [
          fault(
            `a rule with direction ${rule.direction} must not clear at a level ${side} than the one it raises at, ${rule.raise}`,
            `${path}.clear`,
          ),
        ]
      : []),
    ...(canRaise
      ? []
      : [
          {
            isFault: false,
            paths: [`${path}.raise`, 'metrics'] as const,
            problem: `never raises: values of ${metric.name} lie between ${metric.min} and ${metric.max}`,
          },
        ]),
  ];
};
