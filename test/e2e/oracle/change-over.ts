import type { Episode } from './episodes.js';
import type { AlertRule, Told, WindowRule } from './rules.js';
import { endOf, type ExpectedWindow } from './windows.js';

interface Changed {
  readonly open: Set<ExpectedWindow>;
  readonly full: Set<ExpectedWindow>;
  readonly partialUntil: Map<string, number>;
  readonly episodes: Map<string, Episode>;
}

/** What becomes of a device when other rules are put in force, just before the first record that counts under them. */
export const changeOver = (
  { open, full, partialUntil, episodes }: Changed,
  told: Told,
  at: { readonly timeMs: number; readonly offset: number },
): void => {
  for (const window of open) {
    const rule = told.windows.find((one) => isSameWindow(one, window.rule));
    if (rule !== undefined) {
      window.rule = rule;
      continue;
    }
    window.isClosed = window.isCut = true;
    window.revision += 1;
    open.delete(window);
    const { id } = window.rule;
    if (told.windows.some((one) => one.id === id))
      partialUntil.set(id, Math.max(endOf(window), partialUntil.get(id) ?? -Infinity));
  }
  // A rule that comes back later has nothing to do with what it was.
  for (const id of partialUntil.keys()) if (!told.windows.some((one) => one.id === id)) partialUntil.delete(id);
  for (const window of full) if (!told.windows.some((one) => isSameWindow(one, window.rule))) full.delete(window);
  for (const [id, episode] of episodes) {
    const rule = told.alerts.find((one) => isSameAlert(one, episode.rule));
    if (rule !== undefined) {
      episode.rule = rule;
      continue;
    }
    episode.end(at);
    episodes.delete(id);
  }
};

/** How long it may still be corrected does not make it another window. */
const isSameWindow = (a: WindowRule, b: WindowRule): boolean => a.id === b.id && shapeOf(a) === shapeOf(b);

const shapeOf = (rule: WindowRule): string => {
  switch (rule._tag) {
    case 'aligned':
      return `aligned ${rule.sizeMs} ${rule.everyMs}`;
    case 'session':
      return `session ${rule.gapMs}`;
    case 'count':
      return `count ${rule.size}`;
  }
};

/** Where its levels lie, and how long they must hold, does not make it another alert; which there are does. */
const isSameAlert = (a: AlertRule, b: AlertRule): boolean =>
  a.id === b.id &&
  a.metric === b.metric &&
  a.maxOf === b.maxOf &&
  a.above === b.above &&
  a.levels.map(({ severity }) => severity).join() === b.levels.map(({ severity }) => severity).join();
