import { count } from './count.js';
import { hopping } from './hopping.js';
import type { WindowKind } from './kind.js';
import { session } from './session.js';
import { tumbling } from './tumbling.js';

/** Every kind of window there is, in the order in which people are shown them. A new one needs its file and its line here. */
export const windowKinds: readonly WindowKind[] = [tumbling, hopping, session, count];
