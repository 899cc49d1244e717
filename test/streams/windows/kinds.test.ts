import { count } from '../../../streams/windows/kinds/count.js';
import { hopping } from '../../../streams/windows/kinds/hopping.js';
import { session } from '../../../streams/windows/kinds/session.js';
import { tumbling } from '../../../streams/windows/kinds/tumbling.js';
import { obeysWindowLaws } from './window-laws.js';

obeysWindowLaws(tumbling, { size: 5_000 });
obeysWindowLaws(hopping, { size: 6_000, every: 2_000 });
obeysWindowLaws(session, { gap: 3_000 });
obeysWindowLaws(count, { size: 3 });
