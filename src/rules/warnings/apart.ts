import { areApart } from '../compile/selectors.js';
import type { Decoded } from '../decode.js';
import type { AlertDoc } from '../document/alerts.js';
import type { MatchDoc } from '../document/match.js';
import type { Entry, Findings } from '../findings.js';

/** Rules that are tied to others, and are for other devices than these: together they are for none. */
export const warnOfApart = ({ sections }: Decoded, findings: Findings): void => {
  warnOfAlerts(sections, findings);
  warnOfOverrides(sections, findings);
};

type Sections = Decoded['sections'];

/** What values come from, as people are told, and the devices that have them. */
interface Source {
  readonly name: string;
  readonly match: MatchDoc | null;
}

/** Alerts on what other devices alone have: they never decide. */
const warnOfAlerts = (sections: Sections, findings: Findings): void => {
  const sourcesOf = sourcesIn(sections);
  for (const { value, place } of sections.alerts) {
    const { match } = value;
    const source = match === null ? undefined : sourcesOf(value).find((one) => areBothApart(one.match, match));
    if (source !== undefined)
      findings.warn(place, ['match'], `no device can match: ${source.name} is for other devices`);
  }
};

/** What an alert looks at, and what that in turn is made of. */
const sourcesIn = ({ windows, detect, derive }: Sections): ((doc: AlertDoc) => readonly Source[]) => {
  const window = sourcesBy('window', windows, ({ id }) => id);
  const detection = sourcesBy('detection', detect, ({ id }) => id);
  const metric = sourcesBy('the derived metric', derive, (doc) => doc.metric);
  const watched = new Map(detect.map(({ value }) => [value.id, value.metrics]));
  return ({ on }) => {
    if (on === null) return [];
    if (typeof on === 'string') return metric.get(on) ?? [];
    // Of a detection with one metric it goes without saying.
    const name = on.metric ?? watched.get(on.detector ?? '')?.[0] ?? '';
    return [window.get(on.window ?? ''), detection.get(on.detector ?? ''), metric.get(name)].flatMap(
      (one) => one ?? [],
    );
  };
};

const sourcesBy = <A extends { readonly match: MatchDoc | null }>(
  kind: string,
  entries: readonly Entry<A>[],
  nameOf: (doc: A) => string,
): ReadonlyMap<string, readonly Source[]> =>
  new Map(entries.map(({ value }) => [nameOf(value), [{ name: `${kind} ${nameOf(value)}`, match: value.match }]]));

/** Groups that change an alert of other devices. */
const warnOfOverrides = ({ devices, alerts }: Sections, findings: Findings): void => {
  const matches = new Map(alerts.map(({ value }) => [value.id, value.match]));
  for (const { value, place } of devices)
    for (const id of Object.keys(value.override ?? {}))
      if (areBothApart(value.match, matches.get(id) ?? null))
        findings.warn(place, ['override', id], `it never applies: alert ${id} is for other devices`, { isKey: true });
};

const areBothApart = (one: MatchDoc | null, other: MatchDoc | null): boolean =>
  one !== null && other !== null && areApart(one, other);
