import type { DeviceFacts, Rules } from '../../streams/rules/rules.js';
import type { Span } from '../../streams/windows/kinds/kind.js';
import { showOrigin } from '../config/faults.js';
import { defaultConfig } from '../config/defaults.js';
import { formatDuration } from '../config/quantity.js';
import { onOneLine } from './cel/expression.js';
import { areApart, selectorOf } from './compile/selectors.js';
import type { Decoded } from './decode.js';
import type { SectionName } from './document/document.js';
import type { MatchDoc } from './document/match.js';
import type { Entry, Findings } from './findings.js';
import { placeOfSetting, spanOfDoc } from './document/windows.js';
import { globMatches } from './glob.js';
import { canonical } from './version.js';

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

const twinSections = ['validate', 'windows', 'detect', 'alerts'] as const;

/** Rules that decide the same, however they are written: two alerts for one thing are one too many. */
const warnOfTwins = (decoded: Decoded, rules: Rules, findings: Findings): void => {
  const meanings = meaningsOf(decoded, rules);
  for (const section of twinSections) {
    const seen = new Map<string, Entry<{ readonly id: string }>>();
    for (const entry of decoded.sections[section] as readonly Entry<{ readonly id: string }>[]) {
      const key = canonical(meanings[section].get(entry.value.id));
      const first = seen.get(key);
      if (first === undefined) seen.set(key, entry);
      else {
        const where = showOrigin(first.place.file.locate(first.place.path, 'value'));
        findings.warn(entry.place, ['id'], `it means the same as ${first.value.id}, at ${where}`);
      }
    }
  }
};

/** By id: what a rule came to, beside what it is called and what people are told. */
const meaningsOf = (
  { sections }: Decoded,
  rules: Rules,
): Readonly<Record<(typeof twinSections)[number], ReadonlyMap<string, unknown>>> => {
  const window = new Map(rules.windows.map((rule) => [rule.id, rule]));
  const alert = new Map(rules.alerts.map((rule) => [rule.id, rule]));
  const shapes = new Map<string, string[]>();
  for (const { id, shape } of rules.detect) shapes.set(id, [...(shapes.get(id) ?? []), shape].sort());
  const levelsOf = (id: string) =>
    alert.get(id)?.levels.map(({ severity, raise, clear }) => [severity, onOneLine(raise.text), onOneLine(clear.text)]);
  return {
    validate: byId(sections.validate, (doc) =>
      Object.entries({ ...doc, id: '' }).map(([key, value]: [string, unknown]) =>
        key === 'expect' && typeof value === 'string' ? [key, onOneLine(value)] : [key, value],
      ),
    ),
    windows: byId(sections.windows, ({ id, match }) => [
      window.get(id)?.shape,
      window.get(id)?.allowedLatenessMs,
      match,
    ]),
    detect: byId(sections.detect, ({ id, threshold, match }) => [shapes.get(id), threshold, match]),
    alerts: byId(sections.alerts, (doc) => {
      const { id, for: forMs, keep_for: keepForMs, m_of_n: mOfN, schedule, mute, flood, match } = doc;
      return [alert.get(id)?.shape, levelsOf(id), forMs, keepForMs, mOfN, schedule, mute, flood, match];
    }),
  };
};

const byId = <A extends { readonly id: string }>(
  entries: readonly Entry<A>[],
  meaningOf: (doc: A) => unknown,
): ReadonlyMap<string, unknown> => new Map(entries.map(({ value }) => [value.id, meaningOf(value)]));

type Matched = Entry<{ readonly match: MatchDoc | null }>;

const matchedSections = ['validate', 'derive', 'windows', 'detect', 'alerts'] as const satisfies readonly SectionName[];

/** Rules and groups that ask for a tag that no device can have. */
const warnOfNobody = ({ sections }: Decoded, findings: Findings): void => {
  const groups = sections.devices;
  const warn = (entry: Matched, above: typeof groups): void => {
    const { match } = entry.value;
    const wanted = match?.tag ?? null;
    if (match === null || wanted === null) return;
    const givers = above.filter(
      ({ value }) => value.tags?.some((tag) => wanted.some((glob) => globMatches(glob, tag))) ?? false,
    );
    const tags = [...new Set(above.flatMap(({ value }) => value.tags ?? []))];
    if (givers.length === 0)
      findings.warn(entry.place, ['match', 'tag'], 'no device can match: no group gives such a tag', {
        found: wanted[0],
        among: tags,
        ...(tags.length === 0 || tags.length > 12 ? {} : { expected: tags.join(', ') }),
      });
    else if (givers.every(({ value }) => value.match !== null && areApart(value.match, match)))
      findings.warn(
        entry.place,
        ['match'],
        `no device can match: the group that gives the tag (${givers.map(({ value }) => value.id).join(', ')}) is for other devices`,
      );
  };
  for (const [index, entry] of groups.entries()) warn(entry, groups.slice(0, index));
  for (const section of matchedSections)
    for (const entry of sections[section] as readonly Matched[]) warn(entry, groups);
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
