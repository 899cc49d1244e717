import type { Alert } from '../../streams/model/alert.js';
import { addTally, type Tally } from '../../streams/model/chunk.js';
import type { Rules } from '../../streams/rules/rules.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import type { TopicPartition } from '../../streams/model/units.js';
import type { WindowResult } from '../../streams/model/window.js';
import { decodeCare } from '../care/desk.js';
import type { AlertQuery, AlertView, DeviceView, ResultReader, WindowQuery } from '../ports.js';
import { byId } from './by-id.js';
import { mergeDeviceViews, storedDeviceView } from './device-view.js';
import type { StoredResults, WindowKind } from './stored-results.js';
import { decodeAlert, decodeDevice, decodeOwn, decodeWindow } from './stored-texts.js';
import { closedPart, mergeParts, openParts, type WindowPart } from './window-parts.js';

/** A reader that holds something open, e.g. a connection. */
export type ClosableReader = ResultReader & { close(): Promise<void> };

/** `rules` is looked at anew with each question: they may change. */
export type ReaderSettings = Pick<PipelineSettings, 'rules'>;

/** What people read, made of the texts of any store; merged over partitions. */
export const resultReader = (stored: StoredResults, settings: ReaderSettings): ClosableReader => ({
  devices: ({ limit, after }) => devices(stored, limit, after ?? null),
  device: async (id) => {
    const inPartitions = await Promise.all((await sorted(stored)).map((source) => viewsOf(stored, source, [id])));
    return inPartitions.flat().reduce<DeviceView | null>((merged, view) => mergedView(merged, view), null);
  },
  windows: (device, query) => windows(stored, settings, device, query),
  alerts: async ({ state, limit }) => {
    const views = await Promise.all((await sorted(stored)).map((source) => alertsIn(stored, source)));
    return views
      .flat()
      .filter((alert) => isAskedFor(alert, state))
      .sort(newestFirst)
      .slice(0, limit);
  },
  totals: async () => {
    const sources = await sorted(stored);
    const owns = await Promise.all(sources.map((source) => stored.own(source)));
    const totals: Record<string, Tally> = {};
    for (const [index, { topic }] of sources.entries()) {
      const own = owns[index];
      const tally = own == null ? undefined : decodeOwn(own).tally;
      const sum = totals[topic];
      if (tally !== undefined) totals[topic] = sum === undefined ? tally : addTally(sum, tally);
    }
    return totals;
  },
  close: () => stored.close(),
});

/** Always in the same order, so that merging always gives the same. */
const sorted = async (stored: StoredResults): Promise<readonly TopicPartition[]> =>
  [...(await stored.partitions())].sort((a, b) => byId(a.topic, b.topic) || a.partition - b.partition);

/** Pages until enough are found: a device of which nothing has counted yet is known and not shown. */
const devices = async (stored: StoredResults, limit: number, after: string | null): Promise<readonly DeviceView[]> => {
  const sources = await sorted(stored);
  const found: DeviceView[] = [];
  let from = after;
  while (found.length < limit) {
    const pages = await idPages(stored, sources, from, limit - found.length);
    const last = pages.ids.at(-1);
    if (last === undefined) break;
    const views = await Promise.all(
      sources.map((source, index) => viewsOf(stored, source, pages.bySource[index] ?? [])),
    );
    const merged = new Map<string, DeviceView>();
    for (const view of views.flat()) merged.set(view.id, mergedView(merged.get(view.id) ?? null, view));
    found.push(...[...merged.values()].sort((a, b) => byId(a.id, b.id)));
    from = last;
  }
  return found;
};

/** The next `limit` ids over all partitions, and which of them each partition has. */
const idPages = async (
  stored: StoredResults,
  sources: readonly TopicPartition[],
  after: string | null,
  limit: number,
): Promise<{ readonly ids: readonly string[]; readonly bySource: readonly (readonly string[])[] }> => {
  const pages = await Promise.all(sources.map((source) => stored.ids(source, after, limit)));
  const ids = [...new Set(pages.flat())].sort(byId).slice(0, limit);
  const chosen = new Set(ids);
  return { ids, bySource: pages.map((page) => page.filter((id) => chosen.has(id))) };
};

const viewsOf = async (
  stored: StoredResults,
  source: TopicPartition,
  ids: readonly string[],
): Promise<readonly DeviceView[]> => {
  const texts = ids.length === 0 ? [] : await stored.devices(source, ids);
  const views: DeviceView[] = [];
  for (const [index, text] of texts.entries()) {
    const latest = text === null ? undefined : decodeDevice(text).latest;
    if (latest !== undefined) views.push(storedDeviceView(ids[index] ?? '', source, latest));
  }
  return views;
};

const mergedView = (merged: DeviceView | null, view: DeviceView): DeviceView =>
  merged === null ? view : mergeDeviceViews(merged, view);

const windows = async (
  stored: StoredResults,
  settings: ReaderSettings,
  device: string,
  { rule, metric, limit, ...query }: WindowQuery,
): Promise<readonly WindowResult[]> => {
  const bounds = { fromMs: query.fromMs ?? null, toMs: query.toMs ?? null, limit };
  const ofPartition = async (source: TopicPartition): Promise<readonly WindowPart[]> => {
    const [text] = await stored.devices(source, [device]);
    if (text == null) return [];
    const { rules } = settings;
    const open = openParts(device, decodeDevice(text).window ?? {}, rules);
    const kinds = kindsOf(rules, rule, metric);
    const closed = await Promise.all(kinds.map((kind) => stored.closedWindows(source, kind, device, bounds)));
    return [...closed.flat().map((stored) => closedPart(decodeWindow(stored))), ...open];
  };
  const parts = await Promise.all((await sorted(stored)).map(ofPartition));
  const isAsked = ({ result }: WindowPart): boolean =>
    (rule === undefined || result.rule === rule) &&
    (metric === undefined || result.metric === metric) &&
    (bounds.fromMs === null || result.startMs >= bounds.fromMs) &&
    (bounds.toMs === null || result.startMs < bounds.toMs);
  return mergeParts(parts.flat().filter(isAsked))
    .toSorted((a, b) => b.startMs - a.startMs || b.endMs - a.endMs || byId(b.metric, a.metric) || byId(b.rule, a.rule))
    .slice(0, limit)
    .sort((a, b) => byId(a.rule, b.rule) || byId(a.metric, b.metric) || a.startMs - b.startMs || a.endMs - b.endMs);
};

/** Which closed windows there can be: of each rule each of its metrics. A rule that is asked for by name may be one of before. */
const kindsOf = (rules: Rules, rule: string | undefined, metric: string | undefined): readonly WindowKind[] => {
  const names = rules.metrics.map(({ name }) => name);
  const known = rules.windows.map(({ id, metrics }) => ({
    rule: id,
    metrics: metrics.map((slot) => names[slot] ?? ''),
  }));
  const asked = rule === undefined ? known : [known.find((each) => each.rule === rule) ?? { rule, metrics: names }];
  return asked.flatMap(({ rule: id, metrics }) =>
    metrics.filter((name) => metric === undefined || name === metric).map((name) => ({ rule: id, metric: name })),
  );
};

const alertsIn = async (stored: StoredResults, source: TopicPartition): Promise<readonly AlertView[]> => {
  const [texts, cares] = await Promise.all([stored.alerts(source), stored.cares(source)]);
  return texts.map(decodeAlert).map((alert) => ({ ...alert, care: decodeCare(cares.get(alert.id) ?? null) }));
};

const isAskedFor = (alert: Alert, state: AlertQuery['state']): boolean =>
  state === undefined || (state === 'open' ? alert.state !== 'cleared' : alert.state === state);

const newestFirst = (a: Alert, b: Alert): number => b.raisedAtMs - a.raisedAtMs || byId(a.id, b.id);
