import type { Told } from '../e2e/oracle/rules.js';

/** Windows that overlap, of two sizes, sessions, and windows of a count; a ladder, alerts that must last to count and to clear, and one on windows. */
export const demanding: Told = {
  windows: [
    { _tag: 'aligned', id: 'half', sizeMs: 30_000, everyMs: 30_000, latenessMs: 10_000 },
    { _tag: 'aligned', id: 'hop', sizeMs: 60_000, everyMs: 20_000, latenessMs: 30_000 },
    { _tag: 'session', id: 'burst', gapMs: 4_000, latenessMs: 15_000 },
    { _tag: 'count', id: 'three', size: 3 },
  ],
  dedupeMs: 90_000,
  alerts: [
    {
      ...{ id: 'hot', metric: 'temperature', maxOf: null, above: true, forMs: 2_000, keepForMs: 4_000 },
      levels: [
        { severity: 'info', raise: 5, clear: 3 },
        { severity: 'warning', raise: 20, clear: 15 },
        { severity: 'critical', raise: 40, clear: 38 },
      ],
    },
    {
      ...{ id: 'dry', metric: 'humidity', maxOf: null, above: false, forMs: 0, keepForMs: 3_000 },
      levels: [
        { severity: 'warning', raise: 60, clear: 62 },
        { severity: 'error', raise: 20, clear: 25 },
      ],
    },
    {
      ...{ id: 'full', metric: 'battery', maxOf: 'hop', above: true, forMs: 0, keepForMs: 0 },
      levels: [{ severity: 'warning', raise: 80, clear: 70 }],
    },
    {
      ...{ id: 'full-for-long', metric: 'battery', maxOf: 'half', above: true, forMs: 30_000, keepForMs: 30_000 },
      levels: [{ severity: 'warning', raise: 60, clear: 50 }],
    },
  ],
};

/** Sessions and windows of a count by themselves: when a session closes then says what is late. */
export const bursts: Told = {
  windows: [
    { _tag: 'session', id: 'run', gapMs: 10_000, latenessMs: 20_000 },
    { _tag: 'session', id: 'tight', gapMs: 1_100, latenessMs: 0 },
    { _tag: 'count', id: 'pair', size: 2 },
    { _tag: 'count', id: 'five', size: 5 },
  ],
  dedupeMs: 90_000,
  alerts: [
    ...demanding.alerts.filter(({ maxOf }) => maxOf === null),
    {
      ...{ id: 'ran-full', metric: 'battery', maxOf: 'run', above: true, forMs: 0, keepForMs: 0 },
      levels: [{ severity: 'warning', raise: 80, clear: 70 }],
    },
    {
      ...{ id: 'five-hot', metric: 'temperature', maxOf: 'five', above: true, forMs: 0, keepForMs: 2_000 },
      levels: [{ severity: 'warning', raise: 45, clear: 40 }],
    },
  ],
};

/** Each rule of windows goes on or is another one, in turn; in the end time closes none. */
export const changing: readonly Told[] = [
  demanding,
  {
    ...demanding,
    windows: [
      { _tag: 'aligned', id: 'half', sizeMs: 30_000, everyMs: 30_000, latenessMs: 20_000 },
      { _tag: 'aligned', id: 'hop', sizeMs: 40_000, everyMs: 20_000, latenessMs: 30_000 },
      { _tag: 'session', id: 'burst', gapMs: 4_000, latenessMs: 5_000 },
      { _tag: 'count', id: 'three', size: 4 },
    ],
    alerts: demanding.alerts.filter(({ id }) => id !== 'dry'),
  },
  {
    ...demanding,
    windows: [
      ...demanding.windows.filter(({ id }) => id !== 'burst'),
      { _tag: 'session', id: 'burst', gapMs: 3_000, latenessMs: 15_000 },
    ],
  },
  {
    ...demanding,
    windows: demanding.windows.filter(({ _tag }) => _tag === 'count'),
    alerts: demanding.alerts.filter(({ maxOf }) => maxOf === null),
  },
];
