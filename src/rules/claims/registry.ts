import type { ClaimKind } from './claim.js';
import { expect } from './expect.js';
import { oneOf } from './one-of.js';
import { pattern } from './pattern.js';
import { range } from './range.js';
import { required } from './required.js';
import { step } from './step.js';

/** Every kind of claim that a check can make, in the order in which people are shown them. A new one needs its file and its line here. */
export const claims: readonly ClaimKind[] = [required, range, step, oneOf, pattern, expect];
