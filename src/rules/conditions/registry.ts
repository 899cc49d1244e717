import type { Condition } from './condition.js';
import { expression } from './expression.js';
import { above, below } from './thresholds.js';

/** Every kind of condition there is, in the order in which people are shown them. A new one needs its file and its line here. */
export const conditions: readonly Condition[] = [above, below, expression];
