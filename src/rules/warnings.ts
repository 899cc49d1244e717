import type { DeviceFacts, Rules } from '../../streams/rules/rules.js';
import type { Span } from '../../streams/windows/kinds/kind.js';
import { defaultConfig } from '../config/defaults.js';
import { formatDuration } from '../config/quantity.js';
import { selectorOf } from './compile/selectors.js';
import type { Decoded } from './decode.js';
import type { Findings } from './findings.js';
import { placeOfSetting, spanOfDoc } from './document/windows.js';
import { warnOfApart } from './warnings/apart.js';
import { type Matched, matchedSections, warnOfNobody } from './warnings/nobody.js';
import { warnOfTwins } from './warnings/twins.js';

/** What the configuration keeps. */
export interface Kept {
  /** Results kept of each window, device and metric. */
  readonly windows: number;
  /** Older events are dead letters. */
  readonly maxPastMs: number;
}

export interface WarnOptions {
  readonly kept?: Kept;
  readonly devices?: readonly DeviceFacts[];
}

/** What a colleague would ask about rules that hold. */
export const warnOf = (decoded: Decoded, rules: Rules, options: WarnOptions, findings: Findings): void => {
  const { redis, pipeline } = defaultConfig();
  warnOfWindows(decoded, options.kept ?? { windows: redis.keepWindows, maxPastMs: pipeline.time.maxPastMs }, findings);
  warnOfTwins(decoded, rules, findings);
  warnOfNobody(decoded, findings);
  warnOfApart(decoded, findings);
  if (options.devices !== undefined) warnOfDevices(decoded, rules, options.devices, findings);
};

/** Of sessions the least that they can be. */
const lengthOf = ({ lengthMs, paceMs }: Span): number => lengthMs ?? (Number.isFinite(paceMs) ? paceMs : 0);

const warnOfWindows = ({ sections: { windows } }: Decoded, kept: Kept, findings: Findings): void => {
  for (const { value, place } of windows) {
    const span = spanOfDoc(value);
    if (span === null) continue;
    if (lengthOf(span) + (value.allowed_lateness ?? 0) > kept.maxPastMs)
      findings.warn(
        place,
        [],
        `records older than ${formatDuration(kept.maxPastMs)} are dead letters (time.max_past): the window with its lateness is longer`,
      );
    if (span.overlap > kept.windows)
      findings.warn(
        place,
        placeOfSetting(span.kind, Object.keys(span.kind.settings)[0] ?? ''),
        `of each device and metric ${kept.windows} results are kept (cache.redis.keep_windows): fewer than one window has beginnings`,
      );
  }
};

/** Rules that are for none of the devices there are. */
const warnOfDevices = (
  { sections }: Decoded,
  rules: Rules,
  devices: readonly DeviceFacts[],
  findings: Findings,
): void => {
  const known = devices.map((facts) => ({ facts, tags: new Set(rules.planOf(facts).tags) }));
  for (const section of ['devices', ...matchedSections] as const)
    for (const { value, place } of sections[section] as readonly Matched[]) {
      if (value.match === null) continue;
      const selector = selectorOf(value.match);
      if (!known.some(({ facts, tags }) => selector(facts, tags)))
        findings.warn(place, ['match'], `none of the ${devices.length} devices matches`);
    }
};
