import type { DetectRule, DeviceFacts, Rules } from '../../../streams/rules/rules.js';
import { languageOf } from '../cel/language.js';
import type { Decoded } from '../decode.js';
import type { SectionName } from '../document/document.js';
import type { Entry, Findings, Place } from '../findings.js';
import type { Kinds } from '../kinds.js';
import { versionOf } from '../version.js';
import { alertsOf } from './alerts.js';
import { checksOf } from './checks.js';
import { derivesOf } from './derive.js';
import { detectsOf } from './detect.js';
import { groupsOf } from './groups.js';
import { metricsOf, type Slot } from './metrics.js';
import { Names } from './names.js';
import { type Plans, plansOf } from './plans.js';
import { type Bound, type Scope, slotOf } from './scope.js';
import { Selectors } from './selectors.js';
import { windowsOf } from './windows.js';

/** Rules, ready; only to be used when nothing was found to be faulty. */
export const compileRules = (decoded: Decoded, findings: Findings, kinds: Kinds): Rules => {
  const { sections, broken } = decoded;
  const metrics = metricsOf(decoded, findings);
  const selectors = new Selectors();
  // A metric that is faulty itself is no second fault where it is read.
  const nowhere = [...broken.metrics, ...broken.derive].map((name) => [name, -1] as const);
  const plans: { made: Plans | null } = { made: null };
  const scope: Scope = {
    findings,
    kinds,
    metrics,
    language: languageOf(new Map([...nowhere, ...metrics.all.map((name, slot) => [name, slot] as const)])),
    selectors,
    tagsOf: (facts: DeviceFacts) => plans.made?.tagsOf(facts) ?? [],
  };
  for (const { name, place, below } of decoded.named) slotOf(scope, name, place, below);
  const windowNames = Names.of('window', sections.windows, broken.windows, findings);
  const alertNames = Names.of('alert', sections.alerts, broken.alerts, findings);

  const checks = checksOf(sections.validate, scope);
  const derive = derivesOf(sections.derive, scope);
  const windows = windowsOf(sections.windows, scope);
  const detect = detectsOf(sections.detect, scope);
  const detections = detectionNames(sections.detect, detect, broken.detect, findings);
  const alerts = alertsOf(sections.alerts, { ...scope, windows: windowNames, detections });
  const byId = new Map(alerts.map((bound) => [bound.rule.id, bound]));
  const unsure = new Set([...broken.alerts, ...alertNames.all.filter((id) => !byId.has(id))]);
  const compiled = new Names<(typeof alerts)[number]>('alert', unsure, findings);
  for (const [id, bound] of byId) compiled.add(id, bound);
  const groups = groupsOf(sections.devices, compiled, scope);

  plans.made = plansOf({
    slots: metrics.all.length,
    groups,
    selectors: selectors.all,
    checks,
    derive,
    windows,
    detect,
    alerts,
  });
  const rulesOf = <R>(bound: readonly Bound<R>[]): readonly R[] => bound.map(({ rule }) => rule);
  return {
    version: versionOf(contentOf(decoded)),
    metrics: metrics.all.map((name) => metrics.peek(name)).filter((slot): slot is Slot => slot !== undefined),
    derive: rulesOf(derive),
    windows: rulesOf(windows),
    detect: rulesOf(detect),
    alerts: rulesOf(alerts),
    planOf: plans.made.planOf,
  };
};

/** Detections by id. One whose rules could not be made is faulty itself. */
const detectionNames = (
  entries: Decoded['sections']['detect'],
  made: readonly Bound<DetectRule>[],
  broken: ReadonlySet<string>,
  findings: Findings,
): Names<readonly DetectRule[]> => {
  const byId = new Map<string, DetectRule[]>();
  const places = new Map<string, Place>();
  for (const { rule, place } of made) {
    // Another entry of the name is a fault of its own; nobody means it.
    const first = places.get(rule.id) ?? place;
    places.set(rule.id, first);
    if (place === first) byId.set(rule.id, [...(byId.get(rule.id) ?? []), rule]);
  }
  const unsure = new Set([...broken, ...entries.map(({ value }) => value.id).filter((id) => !byId.has(id))]);
  const names = new Names<readonly DetectRule[]>('detection', unsure, findings);
  for (const [id, rules] of byId) names.add(id, rules);
  return names;
};

/** What the files say, without where it stands. Metrics by name and in their order, as slots go by it. */
const contentOf = ({ sections }: Decoded): unknown =>
  Object.fromEntries(
    (Object.entries(sections) as [SectionName, readonly Entry<unknown>[]][]).map(([name, entries]) => [
      name,
      entries.map(({ value, place }) => (name === 'metrics' ? [place.path[1], value] : value)),
    ]),
  );
