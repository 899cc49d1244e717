import type { Found, Held } from './found.js';
import type { SpanDifference } from './span-difference.js';

/** What a replay came to, for machines. Times are epoch ms; null when nothing counted. */
export const foundJson = (found: Found) => ({
  tally: found.tally,
  devices: found.devices,
  fromMs: Number.isFinite(found.fromMs) ? found.fromMs : null,
  toMs: Number.isFinite(found.toMs) ? found.toMs : null,
  rejected: found.rejected.reasons(),
  letThrough: found.letThrough.rules(),
  alerts: heldJson(found.alerts),
  findings: heldJson(found.findings),
  windows: heldJson(found.windows),
});

/** `items` are the first of `count`. */
const heldJson = <A extends { readonly rule: string }>({ count, byRule, items }: Held<A>) => ({ count, byRule, items });

/** `notCompared`: episodes beyond what is held. */
export const differenceJson = ({ same, changed, more, fewer }: SpanDifference, notCompared: number, limit: number) => ({
  counts: { more: more.length, fewer: fewer.length, changed: changed.length, same, notCompared },
  more: more.slice(0, limit),
  fewer: fewer.slice(0, limit),
  changed: changed.slice(0, limit),
});
