import { expect, test } from 'vitest';
import { count } from '../../../streams/windows/kinds/count.js';
import { hopping } from '../../../streams/windows/kinds/hopping.js';
import type { SpanSettings } from '../../../streams/windows/kinds/kind.js';
import { windowKinds } from '../../../streams/windows/kinds/registry.js';
import { session } from '../../../streams/windows/kinds/session.js';
import { tumbling } from '../../../streams/windows/kinds/tumbling.js';
import { obeysWindowLaws } from './window-laws.js';

/** Of every registered kind, settings under which windows end within a drawn log. */
const settings = new Map<string, SpanSettings>([
  [tumbling.name, { size: 5_000 }],
  [hopping.name, { size: 6_000, every: 2_000 }],
  [session.name, { gap: 3_000 }],
  [count.name, { size: 3 }],
]);

for (const kind of windowKinds) obeysWindowLaws(kind, settings.get(kind.name) ?? {});

test('every registered kind is tried with settings of its own', () => {
  expect([...settings.keys()].sort()).toEqual(windowKinds.map(({ name }) => name).sort());
});
