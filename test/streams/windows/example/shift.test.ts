import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { logs, ownPlace, testSettings } from '../../../../marbles/kit/index.js';
import { inAndOut } from '../../../../marbles/reference/in-and-out.js';
import { ruled } from '../../../../marbles/reference/rules.js';
import { window } from '../../../../streams/operators/window.js';
import { obeysWindowLaws } from '../window-laws.js';
import { shift } from './shift.js';

// Its line in the registry.
vi.mock(import('../../../../streams/windows/kinds/registry.js'), async (original) => {
  const [{ windowKinds }, example] = await Promise.all([original(), import('./shift.js')]);
  return { windowKinds: [...windowKinds, example.shift] };
});

const shifts = (size: string) =>
  ruled(`
windows:
  - { id: plant, metrics: [battery], shift: { size: ${size}, from: 3s }, allowed_lateness: 0s }
`);

describe('shift', () => {
  obeysWindowLaws(shift, { size: 6_000, from: 1_000 });

  it('holds what came between two changes of shift, looked up anew', () => {
    const settings = testSettings({ rules: shifts('10s') });
    let told = 0;
    fc.assert(
      fc.property(logs(settings), (log) => {
        const { came } = inAndOut(window, ownPlace, log, settings);
        const records = came.flatMap((chunk) => chunk.records.map(({ value }) => value));
        for (const { device, startMs, endMs, count } of came.flatMap((chunk) => chunk.windows)) {
          expect([(startMs - 3_000) % 10_000, endMs - startMs]).toEqual([0, 10_000]);
          told += 1;
          const held = records.filter(
            (one) => one.device.id === device && one.eventTimeMs >= startMs && one.eventTimeMs < endMs,
          );
          expect(count).toBe(held.filter(({ readings }) => !Number.isNaN(readings[2] ?? NaN)).length);
        }
      }),
    );
    expect(told).toBeGreaterThan(20);
  });

  it('is refused where a day is not a multiple of it', () => {
    expect(() => shifts('7s')).toThrow('shift.size: a day must be a multiple of it; found "7s"');
  });
});
