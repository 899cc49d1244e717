import * as t from 'io-ts';
import type { Span, SpanSetting, SpanSettings, WindowKind } from '../../../streams/windows/kinds/kind.js';
import { windowKinds } from '../../../streams/windows/kinds/registry.js';
import { spanOf } from '../../../streams/windows/span.js';
import { duration, integer, Leaf, word } from '../../config/leaf.js';
import { type Section, section } from '../../config/section.js';
import { labelText, metricName, ruleId, spanOrNone } from './forms.js';
import { matching } from './match.js';
import { Choice, Either2, may, type Member, must, Row } from './member.js';

const someMetrics = new Either2(new Row(metricName, 1, 256), word('all'), (u) => Array.isArray(u));

const settingOf = ({ unit, min, max }: SpanSetting): Leaf<number> =>
  unit === 'ms' ? duration({ min, max }) : integer({ min, max });

const settingsOf = ({ settings, isBare }: WindowKind): Leaf<number> | Section<Record<string, Member<number>>> => {
  const members = Object.entries(settings).map(([name, one]) => [name, must(settingOf(one), one.about)] as const);
  const [only] = Object.values(settings);
  return isBare && only !== undefined ? settingOf(only) : section(Object.fromEntries(members));
};

/** A key for each kind of window. */
const kindKeys: object = Object.fromEntries(
  windowKinds.map((kind) => {
    const codec = settingsOf(kind);
    return [kind.name, codec instanceof Leaf ? may(codec, kind.about) : may(codec, kind.about)];
  }),
);

/** What readings are gathered in. Windows of a size begin at multiples of it since 1970, in event time. */
export const window = new Choice(
  {
    id: must(ruleId, 'Its name.'),
    metrics: must(someMetrics, 'Metrics that are gathered, each by itself; `all` for every measured one.'),
    ...kindKeys,
    allowed_lateness: may(
      spanOrNone,
      'So long after its end a window is still corrected; what comes later is a late dead letter.',
    ),
    statistics: may(
      new Row(labelText, 1, 32),
      'Beyond count, sum, min, max, mean, variance, first and last, which every window has.',
    ),
    match: matching,
  },
  Object.fromEntries(windowKinds.map(({ name, isOfTime }) => [name, isOfTime ? ['allowed_lateness'] : []])),
);

export type WindowDoc = t.TypeOf<typeof window>;

/** The kind of window that a rule names, with its settings; null for none. */
export const spanOfDoc = (doc: WindowDoc): Span | null => {
  const given = new Map<string, unknown>(Object.entries(doc));
  for (const kind of windowKinds) {
    const settings = settingsIn(kind, given.get(kind.name));
    if (settings !== null) return spanOf(kind, settings);
  }
  return null;
};

const Settings = t.record(t.string, t.number);

const settingsIn = ({ settings, isBare }: WindowKind, given: unknown): SpanSettings | null => {
  const [name = ''] = Object.keys(settings);
  const named = isBare ? { [name]: given } : given;
  return Settings.is(named) ? named : null;
};

/** Where in its entry a setting stands. */
export const placeOfSetting = ({ name, isBare }: WindowKind, setting: string): readonly string[] =>
  isBare ? [name] : [name, setting];
