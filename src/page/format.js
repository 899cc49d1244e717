const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const few = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

const minute = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export const nothing = '–';

const known = (format) => (value) => (value === null || value === undefined ? nothing : format(value));

/** 12,345 */
export const count = known((value) => whole.format(value));

/** 12,345 below 100,000; then 123.4K */
export const rough = known((value) => (value < 100_000 ? whole.format(value) : short.format(value)));

/** Four significant digits: readings and their means. */
export const reading = known((value) => few.format(value));

/** Epoch ms as local time of day. */
export const time = known((value) => clock.format(value));

/** Without seconds. */
export const hourMinute = known((value) => minute.format(value));

/** 850 ms, 12 s, 3 min, 4 h, 2 d */
export const duration = known((ms) => {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
});

/** How long ago, in whole seconds and more. */
export const age = (ms) => (ms < 1000 ? 'now' : duration(ms));

export const bytes = known((value) => (value < 1024 ? `${value} B` : `${short.format(value / 1024)} KiB`));

/** "building / floor / room", from what is there. */
export const place = (location) =>
  location === null
    ? nothing
    : [location.building, location.floor === null ? null : `floor ${location.floor}`, location.room, location.zone]
        .filter((part) => part !== null && part !== '')
        .join(' · ') || nothing;
