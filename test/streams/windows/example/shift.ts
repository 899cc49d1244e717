import type { WindowKind } from '../../../../streams/windows/kinds/kind.js';

const day = 86_400_000;

/** The shifts of a plant: windows of one size, the first of a day not at midnight. The example of CONTRIBUTING.md. */
export const shift: WindowKind<'size' | 'from'> = {
  name: 'shift',
  about: 'One window after the other, the first of a day at a time of its own.',
  code: 'shift',
  settings: {
    size: { unit: 'ms', min: 1_000, max: day, about: 'How long each is; a day is a multiple of it.' },
    from: { unit: 'ms', min: 0, max: day, about: 'So long after midnight UTC one begins.' },
  },
  isBare: false,
  isOfTime: true,
  faultsOf: ({ size }, show) =>
    day % size === 0 ? [] : [{ setting: 'size', message: 'a day must be a multiple of it', found: show(size) }],
  wordsOf: ({ size, from }, show) => `each ${show(size)} from ${show(from)} after midnight`,
  made: ({ size, from }) => {
    const startOf = (atMs: number): number => Math.floor((atMs - from) / size) * size + from;
    return {
      lengthMs: size,
      overlap: 1,
      paceMs: size,
      fullAfterMs: () => 2 * size,
      endOf: (startMs) => startMs + size,
      lastEndOf: (atMs) => startOf(atMs) + size,
      put: (filling) => {
        const startMs = startOf(filling.atMs);
        filling.into(startMs, startMs + size);
      },
    };
  },
};
