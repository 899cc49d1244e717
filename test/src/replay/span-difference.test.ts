import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spanDifference } from '../../../src/replay/span-difference.js';
import type { Span } from '../../../src/replay/spans.js';

const span = (raisedAtMs: number, clearedAtMs: number | null, of: Partial<Span> = {}): Span => ({
  rule: 'hot',
  device: 'd1',
  severity: 'warning',
  raisedAtMs,
  clearedAtMs,
  ...of,
});

describe('the difference in alerts', () => {
  test('knows what is the same, changed, more and fewer', () => {
    const before = [span(0, 10), span(20, 30), span(40, null), span(0, 5, { device: 'd2' })];
    const now = [span(0, 10), span(25, 30), span(32, 35), span(40, null, { severity: 'critical' })];
    expect(spanDifference(before, now)).toEqual({
      same: 1,
      changed: [
        { before: span(20, 30), now: span(25, 30) },
        { before: span(40, null), now: span(40, null, { severity: 'critical' }) },
      ],
      more: [span(32, 35)],
      fewer: [span(0, 5, { device: 'd2' })],
    });
  });

  test('takes the first of two that one overlaps', () => {
    expect(spanDifference([span(0, 100)], [span(0, 40), span(60, 100)])).toMatchObject({
      changed: [{ now: span(0, 40) }],
      more: [span(60, 100)],
      fewer: [],
    });
  });

  /** Episodes of a rule and device follow each other. */
  const spans = fc
    .array(
      fc.record({
        gap: fc.integer({ min: 1, max: 9 }),
        long: fc.integer({ min: 0, max: 9 }),
        device: fc.constantFrom('d1', 'd2'),
      }),
      { maxLength: 12 },
    )
    .map((parts) => {
      let atMs = 0;
      return parts.map(({ gap, long, device }): Span => {
        const raisedAtMs = (atMs += gap);
        return span(raisedAtMs, (atMs += long), { device });
      });
    });

  test('loses none and invents none, and turns round when the sides do', () => {
    fc.assert(
      fc.property(spans, spans, (before, now) => {
        const { same, changed, more, fewer } = spanDifference(before, now);
        expect(same + changed.length + fewer.length).toBe(before.length);
        expect(same + changed.length + more.length).toBe(now.length);
        for (const one of more) expect(now).toContainEqual(one);
        expect(spanDifference(now, before)).toEqual({
          same,
          changed: changed.map((pair) => ({ before: pair.now, now: pair.before })),
          more: fewer,
          fewer: more,
        });
      }),
    );
  });
});
