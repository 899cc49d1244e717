import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WeeklyDoc } from '../../../src/rules/document/alerts.js';
import { muteOf, scheduleOf } from '../../../src/rules/schedule.js';

const at = (text: string): number => Date.parse(text);
const span = (given: Partial<WeeklyDoc>): WeeklyDoc => ({
  zone: 'Europe/Berlin',
  days: null,
  from: 0,
  to: 1_440,
  ...given,
});
const clock = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

describe('a schedule', () => {
  test('without one it is always', () => {
    expect(scheduleOf(null)(0)).toBe(true);
  });

  test.each([
    // Wall clocks in Berlin are an hour ahead of UTC in winter, two in summer.
    ['2026-01-05T07:00:00Z', true],
    ['2026-01-05T06:59:59.999Z', false],
    ['2026-01-05T16:59:59.999Z', true],
    ['2026-01-05T17:00:00Z', false],
    ['2026-07-06T06:00:00Z', true],
    ['2026-07-06T05:59:59.999Z', false],
    ['2026-07-04T10:00:00Z', false],
  ])('on weekdays from 08:00 to 18:00, at %s: %s', (text, expected) => {
    const isOn = scheduleOf([
      span({ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: clock('08:00'), to: clock('18:00') }),
    ]);
    expect(isOn(at(text))).toBe(expected);
  });

  test.each([
    ['2026-01-09T21:00:00Z', true],
    ['2026-01-10T04:59:59Z', true],
    ['2026-01-10T05:00:00Z', false],
    ['2026-01-10T21:00:00Z', false],
    ['2026-01-09T04:00:00Z', false],
  ])('from 22:00 on Friday to 06:00 on Saturday, at %s: %s', (text, expected) => {
    expect(scheduleOf([span({ days: ['fri'], from: clock('22:00'), to: clock('06:00') })])(at(text))).toBe(expected);
  });

  test('an hour that is left out in spring, and one that comes twice in autumn', () => {
    const isOn = scheduleOf([span({ from: clock('02:30'), to: clock('03:30') })]);
    // On 29 March the clocks go from 02:00 to 03:00, at 01:00 UTC.
    expect(['00:59', '01:00', '01:29', '01:30'].map((time) => isOn(at(`2026-03-29T${time}:00Z`)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    // On 25 October they go from 03:00 back to 02:00, at 01:00 UTC.
    expect(
      ['00:29', '00:30', '00:59', '01:00', '01:29', '01:30', '02:29', '02:30'].map((time) =>
        isOn(at(`2026-10-25T${time}:00Z`)),
      ),
    ).toEqual([false, true, true, false, false, true, true, false]);
  });

  test('clocks that change at half past an hour of UTC, and by half an hour', () => {
    const isOn = scheduleOf([span({ zone: 'Australia/Lord_Howe', from: clock('02:30'), to: clock('03:00') })]);
    expect(isOn(at('2026-10-03T15:29:59Z'))).toBe(false);
    expect(isOn(at('2026-10-03T15:30:00Z'))).toBe(true);
  });

  test('at any time, in any zone, it agrees with the calendar', () => {
    const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'UTC',
      'America/St_Johns',
    ];
    const wall = (zone: string, ms: number): { readonly day: string; readonly minute: number } => {
      const parts = new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        weekday: 'short',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }).formatToParts(ms);
      const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
      return { day: part('weekday').toLowerCase(), minute: Number(part('hour')) * 60 + Number(part('minute')) };
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2005-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') }),
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
        fc.integer({ min: 0, max: 1_439 }),
        fc.integer({ min: 1, max: 1_440 }),
        (zone, ms, days, from, to) => {
          const { day, minute } = wall(zone, ms);
          const before = names[(names.indexOf(day as (typeof names)[number]) + 6) % 7] ?? 'sun';
          const has = (name: string): boolean => (days as readonly string[]).includes(name);
          const expected =
            from < to
              ? has(day) && minute >= from && minute < to
              : (has(day) && minute >= from) || (has(before) && minute < to);
          expect(scheduleOf([{ zone, days, from, to }])(ms)).toBe(expected);
        },
      ),
    );
  });
});

describe('a mute', () => {
  test('without one nothing is muted', () => {
    expect(muteOf(null)(0)).toBe(false);
  });

  test('holds within any of its spans, their ends not included', () => {
    const isMuted = muteOf([
      { from: 10, to: 20 },
      { from: 30, to: 40 },
      span({ zone: 'UTC', days: ['fri'], from: 0, to: 60 }),
    ]);
    expect([9, 10, 19, 20, 30, 40].map(isMuted)).toEqual([false, true, true, false, true, false]);
    expect(isMuted(at('2026-01-09T00:59:00Z'))).toBe(true);
  });
});
