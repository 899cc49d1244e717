import type { MuteDoc, WeeklyDoc } from './document/alerts.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Clocks have only ever been changed at quarters of an hour since they go by UTC. */
const quarterMs = 15 * minuteMs;
const mostRemembered = 4_096;

/** Sunday first, as the days since 1970-01-01, a Thursday, are counted below. */
const weekdays = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'] as const;

/** By how much the clocks of a zone are ahead of UTC at a time, ms. Asks the calendar once per quarter of an hour. */
const clockOf = (zone: string): ((atMs: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  let lastQuarter = NaN;
  let lastOffset = 0;
  return (atMs) => {
    const quarter = Math.floor(atMs / quarterMs);
    if (quarter === lastQuarter) return lastOffset;
    let offset = known.get(quarter);
    if (offset === undefined) {
      offset = offsetIn(format, quarter * quarterMs);
      if (known.size >= mostRemembered) known.clear();
      known.set(quarter, offset);
    }
    lastQuarter = quarter;
    lastOffset = offset;
    return offset;
  };
};

const offsetIn = (format: Intl.DateTimeFormat, atMs: number): number => {
  const shown = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds] = /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(shown) ?? [];
  if (sign === undefined) return 0;
  const size = (Number(hours) * 60 + Number(minutes)) * minuteMs + Number(seconds ?? 0) * 1_000;
  return sign === '-' ? -size : size;
};

const clocks = new Map<string, (atMs: number) => number>();

const sharedClock = (zone: string): ((atMs: number) => number) => {
  const clock = clocks.get(zone) ?? clockOf(zone);
  clocks.set(zone, clock);
  return clock;
};

const always = (): boolean => true;
const never = (): boolean => false;

/**
 * Whether a time lies in a span of the week, by the clocks on the wall there: a span from 02:30 on the day on which the clocks go from 02:00 to 03:00
 * begins at 03:00, and hours that come twice are in it twice. The end is not included; the day is the one on which the span begins.
 */
const inWeekly = ({ zone, days, from, to }: WeeklyDoc): ((atMs: number) => boolean) => {
  const clock = sharedClock(zone);
  const isOn = weekdays.map((day) => days?.includes(day) ?? true);
  return (atMs) => {
    const localMs = atMs + clock(atMs);
    const day = Math.floor(localMs / dayMs);
    const minute = (localMs - day * dayMs) / minuteMs;
    const weekday = ((day % 7) + 7) % 7;
    if (from < to) return minute >= from && minute < to && isOn[weekday] === true;
    return (minute >= from && isOn[weekday] === true) || (minute < to && isOn[(weekday + 6) % 7] === true);
  };
};

const anyOf = (spans: readonly ((atMs: number) => boolean)[]): ((atMs: number) => boolean) =>
  spans[1] === undefined ? (spans[0] ?? never) : (atMs) => spans.some((span) => span(atMs));

export const scheduleOf = (spans: readonly WeeklyDoc[] | null): ((atMs: number) => boolean) =>
  spans === null ? always : anyOf(spans.map(inWeekly));

export const muteOf = (spans: readonly MuteDoc[] | null): ((atMs: number) => boolean) =>
  anyOf((spans ?? []).map((span) => ('zone' in span ? inWeekly(span) : (atMs) => atMs >= span.from && atMs < span.to)));
