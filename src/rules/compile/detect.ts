import type * as t from 'io-ts';
import type { Detector, Tuned } from '../../../streams/detectors/detector.js';
import { detectors } from '../../../streams/detectors/registry.js';
import type { NumberSettings } from '../../../streams/detectors/settings.js';
import type { DetectRule } from '../../../streams/rules/rules.js';
import type { DetectionDoc } from '../document/detect.js';
import type { Entry } from '../findings.js';
import { shapeIn } from '../version.js';
import { type Bound, type Scope, slotOf } from './scope.js';

const names = detectors.map(({ name }) => name);

/** A rule, and what becomes of its detector for devices that should report every so many ms; null where that is nothing to it. */
export interface DetectBound extends Bound<DetectRule> {
  readonly reporting: ((everyMs: number) => Tuned) | null;
}

/** One rule for each metric. */
export const detectsOf = (entries: readonly Entry<DetectionDoc>[], scope: Scope): readonly DetectBound[] => {
  let index = 0;
  return entries.flatMap(({ value, place }): readonly DetectBound[] => {
    const slots = value.metrics.map((name, at) => slotOf(scope, name, place, ['metrics', String(at)]));
    const detector = detectors.find(({ name }) => name === value.detector);
    if (detector === undefined) {
      scope.findings.fault(place, ['detector'], `there is no detector ${value.detector}`, {
        expected: names.join(', '),
        found: value.detector,
        among: names,
      });
      return [];
    }
    const settings = detector.settings.decode(value.settings ?? {});
    if (settings._tag === 'Left') {
      for (const error of settings.left) tell(error, Object.keys(detector.settings.fields), { value, place }, scope);
      return [];
    }
    const selector = scope.selectors.placeOf(value.match);
    const tuned = detector.tuned(settings.right);
    return slots.flatMap((slot): readonly DetectBound[] => {
      if (slot === null) return [];
      const shape = shapeIn([detector.name, settings.right, slot.name, slot.unit]);
      const { id, threshold } = value;
      const rule = { id, index: index++, metric: slot.slot, detector, tuned, threshold, shape };
      return [{ rule, selector, place, reporting: reportingOf(detector, settings.right) }];
    });
  });
};

/** A detector that wants to know how often a device should report, and was not told by its rule. */
const reportingOf = (detector: Detector, settings: NumberSettings): DetectBound['reporting'] =>
  settings['everyMs'] === 0 ? (everyMs) => detector.tuned({ ...settings, everyMs }) : null;

/** The codec says what is wrong in words, and of which setting. */
const tell = (
  { message = 'these settings are wrong', context }: t.ValidationError,
  known: readonly string[],
  { place }: Entry<DetectionDoc>,
  { findings }: Scope,
): void => {
  const found = context.at(-1)?.key ?? '';
  const below = found === '' ? ['settings'] : ['settings', found];
  if (found === '' || known.includes(found)) findings.fault(place, below, message);
  else findings.fault(place, below, message, { isKey: true, found, among: known });
};
