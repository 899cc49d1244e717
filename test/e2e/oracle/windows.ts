import type { AlignedRule, TimedRule, Told, WindowRule } from './rules.js';

export interface ExpectedWindow {
  /** Another one of the same shape once that was put in force. */
  rule: WindowRule;
  readonly device: string;
  readonly metric: string;
  readonly startMs: number;
  /** In the order of the log; of a session in order of time, and then of the log. */
  readonly values: { readonly value: number; readonly timeMs: number }[];
  revision: number;
  isClosed: boolean;
  /** Closed before its time, for its rule was no more. */
  isCut: boolean;
  /** How often a reading between two sessions made one of them. */
  readonly joins: number;
}

/** A session ends a gap after its newest reading; a window of a count, which may hold older readings than its first one, right behind all of them. */
export const endOf = ({ rule, startMs, values }: ExpectedWindow): number => {
  switch (rule._tag) {
    case 'aligned':
      return startMs + rule.sizeMs;
    case 'session':
      return (values.at(-1)?.timeMs ?? NaN) + rule.gapMs;
    case 'count':
      return Math.max(startMs, ...values.map(({ timeMs }) => timeMs)) + 1;
  }
};

/** The least time from one end to the next; Infinity where time ends no window. */
export const paceOf = (rule: WindowRule): number => {
  switch (rule._tag) {
    case 'aligned':
      return rule.everyMs;
    case 'session':
      return rule.gapMs;
    case 'count':
      return Infinity;
  }
};

const isTimed = (rule: WindowRule): rule is TimedRule => rule._tag !== 'count';

/** Starts of all windows of a rule that hold a time, the oldest first. */
const startsAt = ({ sizeMs, everyMs }: AlignedRule, timeMs: number): readonly number[] => {
  const newestMs = Math.floor(timeMs / everyMs) * everyMs;
  return Array.from({ length: Math.ceil(sizeMs / everyMs) }, (_, i) => newestMs - i * everyMs)
    .filter((startMs) => startMs + sizeMs > timeMs)
    .reverse();
};

const closesAt = (rule: AlignedRule, startMs: number): number => startMs + rule.sizeMs + rule.latenessMs;

/** When the last window of a rule that holds a time closes; of sessions the one that holds nothing else. */
export const lastCloseOf = (rule: TimedRule, timeMs: number): number =>
  rule._tag === 'session'
    ? timeMs + rule.gapMs + rule.latenessMs
    : closesAt(rule, startsAt(rule, timeMs).at(-1) ?? NaN);

/** A record is late when no window is left that could hold it. Those that time does not close have no say, unless there are no others. */
export const isLate = ({ windows }: Told, timeMs: number, watermarkMs: number): boolean => {
  const timed = windows.filter(isTimed);
  return timed.length > 0 && timed.every((rule) => lastCloseOf(rule, timeMs) <= watermarkMs);
};

/** Every window of a rule that holds a time and has not closed. */
export const openStartsAt = (rule: AlignedRule, timeMs: number, watermarkMs: number): readonly number[] =>
  startsAt(rule, timeMs).filter((startMs) => closesAt(rule, startMs) > watermarkMs);

/** Ends and closes windows as the watermark says; gives those that have ended now, the oldest first. */
export const endWindows = (open: Set<ExpectedWindow>, watermarkMs: number): readonly ExpectedWindow[] => {
  const ended: ExpectedWindow[] = [];
  for (const window of open) {
    const { rule } = window;
    if (!isTimed(rule)) continue;
    const endMs = endOf(window);
    if (watermarkMs < endMs) continue;
    if (window.revision === 0) {
      window.revision = 1;
      ended.push(window);
    }
    if (watermarkMs < endMs + rule.latenessMs) continue;
    window.isClosed = true;
    open.delete(window);
  }
  return ended.sort((a, b) => a.startMs - b.startMs);
};

/** The watermark to which log time moves a device that it has left behind; null when it leaves it where it is. */
export const movedBy = (
  { windows }: Told,
  { eventTimeMs, heardMs }: { readonly eventTimeMs: number; readonly heardMs: number },
  boundaryMs: number,
): number | null => {
  const passed = windows
    .filter(isTimed)
    .filter(({ latenessMs }) => heardMs + latenessMs < boundaryMs)
    .map((rule) => lastCloseOf(rule, eventTimeMs))
    .filter((closesMs) => closesMs <= boundaryMs);
  return passed.length === 0 ? null : Math.max(...passed);
};
