import type { SpanSetting } from './kind.js';

const day = 86_400_000;

/** The setting that says how long windows are, or how often one begins. */
export const windowSize = (about: string): SpanSetting => ({ unit: 'ms', min: 100, max: 7 * day, about });

/** One that says how long is waited. Nothing in rules is longer than a year. */
export const waiting = (about: string): SpanSetting => ({ unit: 'ms', min: 1, max: 366 * day, about });
