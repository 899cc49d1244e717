import type { AlertRule, Rules, WindowRule } from '../../../streams/rules/rules.js';
import { spanCode } from '../../../streams/windows/span.js';
import { showOrigin } from '../../config/faults.js';
import { onOneLine } from '../cel/expression.js';
import type { Decoded } from '../decode.js';
import type { MatchDoc } from '../document/match.js';
import type { CheckDoc } from '../document/validate.js';
import type { Entry, Findings } from '../findings.js';
import { canonical } from '../version.js';

const twinSections = ['validate', 'windows', 'detect', 'alerts'] as const;

/** Rules that decide the same, however they are written: two alerts for one thing are one too many. */
export const warnOfTwins = (decoded: Decoded, rules: Rules, findings: Findings): void => {
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

type Meanings = Readonly<Record<(typeof twinSections)[number], ReadonlyMap<string, unknown>>>;

/** By id: what a rule came to, beside what it is called and what people are told. */
const meaningsOf = ({ sections }: Decoded, rules: Rules): Meanings => {
  const window = new Map(rules.windows.map((rule) => [rule.id, rule]));
  const alert = new Map(rules.alerts.map((rule) => [rule.id, rule]));
  const shapes = new Map<string, string[]>();
  for (const { id, shape } of rules.detect) shapes.set(id, [...(shapes.get(id) ?? []), shape].sort());
  return {
    validate: byId(sections.validate, checkMeaning),
    windows: byId(sections.windows, ({ id, match }) => [windowMeaning(window.get(id)), matchMeaning(match)]),
    detect: byId(sections.detect, ({ id, threshold, match }) => [shapes.get(id), threshold, matchMeaning(match)]),
    alerts: byId(sections.alerts, (doc) => {
      const { id, for: forMs, keep_for: keepForMs, schedule, mute, flood, match } = doc;
      return [alertMeaning(alert.get(id)), forMs, keepForMs, schedule, mute, flood, matchMeaning(match)];
    }),
  };
};

const byId = <A extends { readonly id: string }>(
  entries: readonly Entry<A>[],
  meaningOf: (doc: A) => unknown,
): ReadonlyMap<string, unknown> => new Map(entries.map(({ value }) => [value.id, meaningOf(value)]));

const checkMeaning = (doc: CheckDoc): unknown => {
  const { expect } = doc as { readonly expect?: unknown };
  return {
    ...doc,
    id: '',
    match: matchMeaning(doc.match),
    expect: typeof expect === 'string' ? onOneLine(expect) : null,
  };
};

/** When an alert decides, and what; not its shape, in which one of the last one is not the same as no counting. */
const alertMeaning = (rule: AlertRule | undefined): unknown => {
  if (rule === undefined) return null;
  const { input, levels, mOfN } = rule;
  return [
    input,
    levels.map(({ severity, raise, clear }) => [severity, onOneLine(raise.text), onOneLine(clear.text)]),
    mOfN?.m === 1 && mOfN.n === 1 ? null : mOfN,
  ];
};

/** Windows of one length that begin at the same times are the same, whatever their kind is called. */
const windowMeaning = (rule: WindowRule | undefined): unknown => {
  if (rule === undefined) return null;
  const { span, shape, allowedLatenessMs } = rule;
  const { lengthMs, overlap, paceMs } = span;
  const code = spanCode(span);
  const when = lengthMs === null ? code : [lengthMs, overlap, paceMs, span.lastEndOf(0)];
  return [when, shape.slice(code.length), allowedLatenessMs];
};

/** What a match leaves: of texts that any one may be, no order; of ids any at all. */
const matchMeaning = (match: MatchDoc | null): unknown => {
  const asked = Object.entries(match ?? {}).flatMap(([name, globs]) =>
    globs === null ? [] : [[name, anyOf(globs)] as const],
  );
  const left = asked.filter(([name, globs]) => name !== 'id' || globs[0] !== '*');
  return left.length === 0 ? null : Object.fromEntries(left);
};

const anyOf = (globs: readonly string[]): readonly string[] =>
  globs.some((glob) => /^\*+$/.test(glob)) ? ['*'] : [...new Set(globs)].sort();
