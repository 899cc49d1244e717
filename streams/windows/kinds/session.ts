import type { OpenWindow } from '../open-window.js';
import type { WindowKind } from './kind.js';
import { waiting } from './settings.js';

/**
 * Readings that are less than a gap apart (Akidau et al. 2015, "The Dataflow Model", sessions). Each metric has sessions of its own, which begin at their
 * first reading. A reading between two joins them.
 */
export const session: WindowKind<'gap'> = {
  name: 'session',
  about: 'A window per burst of readings.',
  code: 's',
  settings: { gap: waiting('So long without a reading ends it.') },
  isBare: false,
  isOfTime: true,
  wordsOf: ({ gap }, show) => `until a gap of ${show(gap)}`,
  made: ({ gap }) => ({
    lengthMs: null,
    overlap: 1,
    paceMs: gap,
    fullAfterMs: () => 10 * gap,
    endOf: (startMs, lastAfterMs) => startMs + lastAfterMs + gap,
    lastEndOf: (atMs) => atMs + gap,
    put: (filling) => {
      const { atMs, watermarkMs, allowedLatenessMs } = filling;
      for (let i = 0; i < filling.count; i += 1) {
        const near = filling.windows.filter((window) => isWithin(window, filling.positionOf(i), atMs, gap));
        const [first] = near;
        if (first === undefined && watermarkMs >= atMs + gap + allowedLatenessMs) continue;
        const joined = first === undefined || atMs < first.startMs ? filling.begin(atMs) : first;
        filling.add(i, joined);
        for (const other of near) if (other !== joined) filling.merge(i, joined, other);
        filling.reach(i, joined, joined.startMs + joined.lastAfterMs(filling.positionOf(i)) + gap);
      }
    },
  }),
};

/** Whether a time lies in a session, or less than a gap from it. */
const isWithin = (window: OpenWindow, position: number, atMs: number, gapMs: number): boolean =>
  window.countOf(position) > 0 &&
  atMs > window.startMs - gapMs &&
  atMs < window.startMs + window.lastAfterMs(position) + gapMs;
