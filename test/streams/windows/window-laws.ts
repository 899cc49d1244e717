import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration } from '../../../src/config/quantity.js';
import { obeysStreamLaws, testSettings } from '../../../marbles/kit/index.js';
import { window } from '../../../streams/operators/window.js';
import { plainRules } from '../../../streams/plain-rules.js';
import type { Rules, WindowRule } from '../../../streams/rules/rules.js';
import { Filling } from '../../../streams/windows/filling.js';
import type { Span, SpanSettings, WindowKind } from '../../../streams/windows/kinds/kind.js';
import { windowKinds } from '../../../streams/windows/kinds/registry.js';
import { type OpenWindow, RuleWindows } from '../../../streams/windows/open-window.js';
import { spanCode, spanIn, spanOf } from '../../../streams/windows/span.js';

const hour = 3_600_000;

/** Times of readings within three hours, in no order. */
const times = fc.array(fc.integer({ min: 0, max: 3 * hour }), { minLength: 1, maxLength: 60 });

interface Filled {
  readonly open: readonly OpenWindow[];
  readonly closed: readonly OpenWindow[];
}

/** Every reading into its windows, none of which time closes. */
const filled = (span: Span, all: readonly number[]): Filled => {
  const filling = new Filling({ metrics: [0], allowedLatenessMs: 0, statistics: [] });
  const held = new RuleWindows();
  for (const atMs of all) {
    filling.count = 0;
    filling.take(0, 1);
    span.put(filling.of(held, atMs, -Infinity));
  }
  return { open: held.windows, closed: filling.touched.filter(({ isClosed }) => isClosed).map((each) => each.window) };
};

const ruleOf = (span: Span): Rules => {
  const { metrics } = testSettings();
  const plain = plainRules({ metrics, window: { sizeMs: 1_000, allowedLatenessMs: 2_000, metrics: null }, alerts: [] });
  const windows: readonly WindowRule[] = plain.windows.map((rule) => ({
    ...rule,
    span,
    shape: `${spanCode(span)}.laws`,
    allowedLatenessMs: span.kind.isOfTime ? rule.allowedLatenessMs : 0,
  }));
  return { ...plain, windows, planOf: (facts) => ({ ...plain.planOf(facts), windows }) };
};

/** What every kind of window must be able to do. It must be registered. */
export const obeysWindowLaws = (kind: WindowKind, settings: SpanSettings): void => {
  const span = spanOf(kind, settings);
  describe(`windows of the kind ${kind.name}`, () => {
    test('are registered, with a name and a code unlike those of any other', () => {
      const same = windowKinds.filter(({ name, code }) => name === kind.name || code === kind.code);
      expect(same).toHaveLength(1);
      expect(kind.code).toMatch(/^[a-z]+$/);
    });

    test('are found again from what is stored', () => {
      fc.assert(
        fc.property(withinBounds(kind), (drawn) => {
          const code = spanCode(spanOf(kind, drawn));
          const found = spanIn(`${code}.abc123`);
          expect([found?.kind.name, found?.settings]).toEqual([kind.name, drawn]);
        }),
      );
    });

    test('are told of in words, and find fault with settings that there are', () => {
      fc.assert(
        fc.property(withinBounds(kind), (drawn) => {
          expect(kind.wordsOf(drawn, formatDuration)).toMatch(/\S/);
          for (const { setting, message } of kind.faultsOf?.(drawn, formatDuration) ?? [])
            expect([Object.hasOwn(kind.settings, setting), message !== '']).toEqual([true, true]);
        }),
      );
      expect(kind.faultsOf?.(settings, formatDuration) ?? []).toEqual([]);
    });

    test('hold every reading as often as they overlap', () => {
      fc.assert(
        fc.property(times, (all) => {
          const { open, closed } = filled(span, all);
          const held = [...open, ...closed].reduce((sum, each) => sum + each.countOf(0), 0);
          expect(held).toBe(all.length * span.overlap);
        }),
      );
    });

    test('end behind all that they hold', () => {
      fc.assert(
        fc.property(times, (all) => {
          const { open, closed } = filled(span, all);
          for (const each of [...open, ...closed]) {
            const newestMs = each.startMs + each.lastAfterMs(0);
            expect(span.endOf(each.startMs, each.lastAfterMs(0))).toBeGreaterThan(newestMs);
          }
        }),
      );
    });

    test('hold what lies in them, are as long as they say, and end no later than that', () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 3 * hour }), (atMs) => {
          for (const each of filled(span, [atMs]).open) {
            const endMs = span.endOf(each.startMs, each.lastAfterMs(0));
            expect(each.startMs).toBeLessThanOrEqual(atMs);
            expect(endMs).toBeGreaterThan(atMs);
            if (span.lengthMs !== null) expect(endMs - each.startMs).toBe(span.lengthMs);
            if (kind.isOfTime) expect(endMs).toBeLessThanOrEqual(span.lastEndOf(atMs));
          }
          if (!kind.isOfTime) expect(span.lastEndOf(atMs)).toBe(-Infinity);
        }),
      );
      expect(Number.isFinite(span.paceMs)).toBe(kind.isOfTime);
      expect(span.fullAfterMs(1_000)).toBeGreaterThan(0);
    });

    obeysStreamLaws(window, { settings: { rules: ruleOf(span) } });
  });
};

const withinBounds = ({ settings }: WindowKind): fc.Arbitrary<SpanSettings> =>
  fc.record(
    Object.fromEntries(Object.entries(settings).map(([name, { min, max }]) => [name, fc.integer({ min, max })])),
  );
