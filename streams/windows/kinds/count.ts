import type { WindowKind } from './kind.js';

/**
 * So many readings of a metric in the order they come, whatever their times. A window begins at the time of its first reading, or, as no two of a metric
 * begin at the same time, just after the one before.
 */
export const count: WindowKind<'size'> = {
  name: 'count',
  about: 'A window per so many readings.',
  code: 'c',
  settings: { size: { unit: 'readings', min: 2, max: 1_000_000, about: 'How many.' } },
  isBare: true,
  isOfTime: false,
  wordsOf: ({ size }) => `each ${size} readings`,
  made: ({ size }) => ({
    lengthMs: null,
    overlap: 1,
    paceMs: Infinity,
    fullAfterMs: (everyMs) => (size - 1) * everyMs,
    // All of them may be behind the start, which is after that of the window before.
    endOf: (startMs, lastAfterMs) => startMs + Math.max(0, lastAfterMs) + 1,
    lastEndOf: () => -Infinity,
    put: (filling) => {
      for (let i = 0; i < filling.count; i += 1) {
        const position = filling.positionOf(i);
        const open = filling.windows.find((window) => window.countOf(position) > 0);
        const window = open ?? filling.begin(Math.max(filling.atMs, filling.lastStartOf(position) + 1));
        filling.add(i, window);
        if (window.countOf(position) >= size) filling.close(i, window);
      }
    },
  }),
};
