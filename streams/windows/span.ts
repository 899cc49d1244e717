import type { WindowRule } from '../rules/rules.js';

export type Span = WindowRule['span'];

/** A span in a few characters, at the head of a rule's shape: `t60000`, `h300000/60000`, `s120000`, `c100`. */
export const spanCode = (span: Span): string => {
  switch (span._tag) {
    case 'tumbling':
      return `t${span.sizeMs}`;
    case 'hopping':
      return `h${span.sizeMs}/${span.everyMs}`;
    case 'session':
      return `s${span.gapMs}`;
    case 'count':
      return `c${span.size}`;
  }
};

/** Back from the head of a shape; null when there is none. */
export const spanIn = (shape: string): Span | null => {
  const found = /^([thsc])(\d+)(?:\/(\d+))?/.exec(shape);
  if (found === null) return null;
  const [, tag, first, second] = found;
  const length = Number(first);
  if (tag === 't') return { _tag: 'tumbling', sizeMs: length };
  if (tag === 'h') return { _tag: 'hopping', sizeMs: length, everyMs: Number(second) };
  return tag === 's' ? { _tag: 'session', gapMs: length } : { _tag: 'count', size: length };
};

/** Where a window ends, exclusive, epoch ms. `lastAfterMs`: its newest reading, after its start. */
export const endOf = (span: Span, startMs: number, lastAfterMs: number): number => {
  switch (span._tag) {
    case 'tumbling':
    case 'hopping':
      return startMs + span.sizeMs;
    case 'session':
      return startMs + lastAfterMs + span.gapMs;
    case 'count':
      // All of them may be behind the start, which is after that of the window before.
      return startMs + Math.max(0, lastAfterMs) + 1;
  }
};

/** When the last window of a rule that a reading of that time can be in closes, epoch ms; −Infinity for windows that time does not close. */
export const closesAt = ({ span, allowedLatenessMs }: WindowRule, eventTimeMs: number): number => {
  switch (span._tag) {
    case 'tumbling':
      return Math.floor(eventTimeMs / span.sizeMs) * span.sizeMs + span.sizeMs + allowedLatenessMs;
    case 'hopping':
      return Math.floor(eventTimeMs / span.everyMs) * span.everyMs + span.sizeMs + allowedLatenessMs;
    case 'session':
      return eventTimeMs + span.gapMs + allowedLatenessMs;
    case 'count':
      return -Infinity;
  }
};

/** How long a device may be behind the log before it counts as quiet, and how often that is looked at: of all rules the shortest, ms. */
export const tickOf = (rules: readonly WindowRule[]): number => {
  let sizeMs = 600_000;
  for (const { span } of rules) {
    if (span._tag === 'session') sizeMs = Math.min(sizeMs, span.gapMs);
    else if (span._tag === 'hopping') sizeMs = Math.min(sizeMs, span.everyMs);
    else if (span._tag === 'tumbling') sizeMs = Math.min(sizeMs, span.sizeMs);
  }
  return Math.max(1_000, sizeMs / 10);
};
