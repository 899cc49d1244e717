import type { WindowKind } from './kind.js';
import { windowSize } from './settings.js';

/** Windows of one size, one after the other, aligned to the epoch (Akidau et al. 2015, "The Dataflow Model", fixed windows). */
export const tumbling: WindowKind<'size'> = {
  name: 'tumbling',
  about: 'One window after the other, of this size.',
  code: 't',
  settings: { size: windowSize('How long each is.') },
  isBare: true,
  isOfTime: true,
  wordsOf: ({ size }, show) => `each ${show(size)}`,
  made: ({ size }) => ({
    lengthMs: size,
    overlap: 1,
    paceMs: size,
    // One that waits to be corrected, and most of the next.
    fullAfterMs: () => 1.9 * size,
    endOf: (startMs) => startMs + size,
    lastEndOf: (atMs) => Math.floor(atMs / size) * size + size,
    put: (filling) => {
      const startMs = Math.floor(filling.atMs / size) * size;
      filling.into(startMs, startMs + size);
    },
  }),
};
