import type { Alert } from '../../streams/model/alert.js';
import type { Chunk, Sourced } from '../../streams/model/chunk.js';
import type { Finding } from '../../streams/model/finding.js';
import type { Rejection, RejectionTag, Skip } from '../../streams/model/rejection.js';
import type { WindowResult } from '../../streams/model/window.js';

/** Some members of something; those that are not named are not looked at. */
type Some<A> = { readonly [K in keyof A]?: A[K] };
export type DeadLetterClaim = Some<{ lateByMs: number; path: string; stage: string; message: string }> & {
  readonly _tag: RejectionTag;
};
export type SkipClaim = Some<{ messageId: string; messageType: string }> & { readonly _tag: Skip['_tag'] };

export interface Claimed {
  readonly windows: readonly Some<WindowResult>[];
  readonly findings: readonly Some<Finding>[];
  readonly alerts: readonly Some<Alert>[];
  readonly rejected: readonly (DeadLetterClaim | Rejection)[];
  readonly skipped: readonly (SkipClaim | Skip)[];
  /** Null: nothing is claimed about the records still on the main path. */
  readonly records: readonly Sourced<unknown>[] | null;
}

/**
 * What a chunk is expected to bring: windows, findings, alerts, dead letters, skips. All of them are claimed: what is not named is not there.
 * Records on the main path are claimed by naming a chunk.
 */
export class Claim {
  constructor(readonly claimed: Claimed) {}
}

const claim = (some: Partial<Claimed>): Claim =>
  new Claim({ windows: [], findings: [], alerts: [], rejected: [], skipped: [], records: null, ...some });

/** A chunk that brings no window, no finding, no alert, no dead letter and no skip. */
export const nothing: Claim = claim({});

/** Everything that several claims say, in this order. A chunk claims its records, and what it carries already. */
export const all = (...parts: readonly (Claim | Chunk<unknown>)[]): Claim => {
  const claims = parts.map((part) => asClaim(part).claimed);
  const records = claims.flatMap((part) => part.records ?? []);
  return claim({
    windows: claims.flatMap(({ windows }) => windows),
    findings: claims.flatMap(({ findings }) => findings),
    alerts: claims.flatMap(({ alerts }) => alerts),
    rejected: claims.flatMap(({ rejected }) => rejected),
    skipped: claims.flatMap(({ skipped }) => skipped),
    records: claims.some((part) => part.records !== null) ? records : null,
  });
};

export const asClaim = (part: Claim | Chunk<unknown>): Claim => {
  if (part instanceof Claim) return part;
  return new Claim({
    windows: part.windows,
    findings: part.findings,
    alerts: part.alerts,
    rejected: part.rejected.map(({ rejection }) => rejection),
    skipped: part.skipped.map(({ skip }) => skip),
    records: part.records,
  });
};

type Span = readonly [startMs: number, endMs: number];

/** A window that ends and closes for good at once, holding these values in order of event time: `closed([0, 10], [20, 21])`. */
export const closed = (span: Span, values: readonly number[], more: Some<WindowResult> = {}): Claim =>
  claim({ windows: [windowOf(span, values, { isClosed: true, ...more })] });

/** A window that ends, and can be corrected until its lateness is over. */
export const ended = (span: Span, values: readonly number[], more: Some<WindowResult> = {}): Claim =>
  claim({ windows: [windowOf(span, values, { isClosed: false, revision: 1, ...more })] });

/** A window that had ended and is told again with one record more. */
export const corrected = (span: Span, values: readonly number[], more: Some<WindowResult> = {}): Claim =>
  claim({ windows: [windowOf(span, values, { isClosed: false, ...more })] });

const windowOf = ([startMs, endMs]: Span, values: readonly number[], more: Some<WindowResult>): Some<WindowResult> => {
  const count = values.length;
  const sum = values.reduce((a, b) => a + b, 0);
  const mean = sum / count;
  const variance = values.reduce((squares, value) => squares + (value - mean) ** 2, 0) / count;
  const [first = NaN] = values;
  const last = values.at(-1) ?? NaN;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { startMs, endMs, count, sum, min, max, mean, variance, first, last, ...more };
};

/** A dead letter: its record is behind its device's watermark by so many ms, and its window is closed. */
export const late = (lateByMs: number): Claim => claim({ rejected: [{ _tag: 'late', lateByMs }] });

/** A dead letter for this reason. */
export const deadLetter = (tag: RejectionTag, more: Omit<DeadLetterClaim, '_tag'> = {}): Claim =>
  claim({ rejected: [{ ...more, _tag: tag }] });

/** A record left out without being a fault. */
export const skipped = (tag: Skip['_tag'], more: Omit<SkipClaim, '_tag'> = {}): Claim =>
  claim({ skipped: [{ ...more, _tag: tag }] });

/** A score of this rule's detector is told, and reaches its threshold. */
export const found = (rule: string, more: Some<Finding> = {}): Claim =>
  claim({ findings: [{ rule, isFinding: true, ...more }] });

/** An alert of this rule is raised. */
export const raised = (rule: string, more: Some<Alert> = {}): Claim =>
  claim({ alerts: [{ rule, state: 'active', version: 1, ...more }] });

/** The alert of this rule is cleared. */
export const cleared = (rule: string, more: Some<Alert> = {}): Claim =>
  claim({ alerts: [{ rule, state: 'cleared', version: 2, ...more }] });
