import type { Told, WindowRule } from './rules.js';

export interface ExpectedWindow {
  /** Another one of the same shape once that was put in force. */
  rule: WindowRule;
  readonly device: string;
  readonly metric: string;
  readonly startMs: number;
  /** In the order of the log. */
  readonly values: { readonly value: number; readonly timeMs: number }[];
  revision: number;
  isClosed: boolean;
  /** Closed before its time, for its rule was no more. */
  isCut: boolean;
}

export const endOf = ({ rule, startMs }: ExpectedWindow): number => startMs + rule.sizeMs;

/** Starts of all windows of a rule that hold a time, the oldest first. */
const startsAt = ({ sizeMs, everyMs }: WindowRule, timeMs: number): readonly number[] => {
  const newestMs = Math.floor(timeMs / everyMs) * everyMs;
  return Array.from({ length: Math.ceil(sizeMs / everyMs) }, (_, i) => newestMs - i * everyMs)
    .filter((startMs) => startMs + sizeMs > timeMs)
    .reverse();
};

const closesAt = (rule: WindowRule, startMs: number): number => startMs + rule.sizeMs + rule.latenessMs;

/** When the last window of a rule that holds a time closes. */
const lastCloseOf = (rule: WindowRule, timeMs: number): number => closesAt(rule, startsAt(rule, timeMs).at(-1) ?? NaN);

/** A record is late when no window is left that could hold it. */
export const isLate = ({ windows }: Told, timeMs: number, watermarkMs: number): boolean =>
  windows.every((rule) => lastCloseOf(rule, timeMs) <= watermarkMs);

/** Every window of a rule that holds a time and has not closed. */
export const openStartsAt = (rule: WindowRule, timeMs: number, watermarkMs: number): readonly number[] =>
  startsAt(rule, timeMs).filter((startMs) => closesAt(rule, startMs) > watermarkMs);

/** Ends and closes windows as the watermark says; gives those that have ended now, the oldest first. */
export const endWindows = (open: Set<ExpectedWindow>, watermarkMs: number): readonly ExpectedWindow[] => {
  const ended: ExpectedWindow[] = [];
  for (const window of open) {
    if (watermarkMs < endOf(window)) continue;
    if (window.revision === 0) {
      window.revision = 1;
      ended.push(window);
    }
    if (watermarkMs < endOf(window) + window.rule.latenessMs) continue;
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
    .filter(({ latenessMs }) => heardMs + latenessMs < boundaryMs)
    .map((rule) => lastCloseOf(rule, eventTimeMs))
    .filter((closesMs) => closesMs <= boundaryMs);
  return passed.length === 0 ? null : Math.max(...passed);
};
