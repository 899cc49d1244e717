import type { WindowKind } from './kind.js';
import { windowSize } from './settings.js';

const mostOverlaps = 1_000;

/** Windows of one size that begin every so often, aligned to the epoch, and overlap (Akidau et al. 2015, "The Dataflow Model", sliding windows). */
export const hopping: WindowKind<'size' | 'every'> = {
  name: 'hopping',
  about: 'Windows that overlap.',
  code: 'h',
  settings: {
    size: windowSize('How long each is.'),
    every: windowSize('How often one begins; the size is a multiple of it.'),
  },
  isBare: false,
  isOfTime: true,
  faultsOf: ({ size, every }, show) => [
    ...(size % every === 0
      ? []
      : [{ setting: 'size', message: `it must be a multiple of every, ${show(every)}`, found: show(size) } as const]),
    ...(size / every <= mostOverlaps
      ? []
      : [
          {
            setting: 'every',
            message: `each reading would be in ${Math.ceil(size / every)} windows, and may be in ${mostOverlaps}`,
          } as const,
        ]),
  ],
  wordsOf: ({ size, every }, show) => `${show(size)} every ${show(every)}`,
  made: ({ size, every }) => ({
    lengthMs: size,
    overlap: size / every,
    paceMs: every,
    fullAfterMs: () => size + every,
    endOf: (startMs) => startMs + size,
    lastEndOf: (atMs) => Math.floor(atMs / every) * every + size,
    put: (filling) => {
      const { atMs } = filling;
      for (let startMs = Math.floor(atMs / every) * every; startMs > atMs - size; startMs -= every)
        filling.into(startMs, startMs + size);
    },
  }),
};
