/** One reading of a recorded series. */
export interface Reading {
  /** As it was written, so that what is told of it can be put beside the file. */
  readonly timestamp: string | number;
  readonly atMs: number;
  /** Of the file, from 1. */
  readonly line: number;
  /** NaN where the file has a place for a value and none in it. */
  readonly value: number;
}

/** Where in a file a reading is, and under which names. */
export interface Columns {
  readonly time: string;
  readonly value: string;
}

/** What is wrong with a file, and where: `file:line: …`. */
export class UnreadableSeries extends Error {
  override readonly name = 'UnreadableSeries';

  constructor(file: string, line: number | null, what: string) {
    super(line === null ? `${file}: ${what}` : `${file}:${line}: ${what}`);
  }
}

/** A value that is not there: an empty cell, `null`, or one of the names that programs give to it. */
const absent: ReadonlySet<string> = new Set(['', 'null', 'nan', 'na', 'n/a']);

const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Reads a value; null when it is none. */
export const valueOf = (given: unknown): number | null => {
  if (given === null) return NaN;
  if (typeof given === 'number') return given;
  if (typeof given !== 'string') return null;
  if (absent.has(given.trim().toLowerCase())) return NaN;
  const value = numberForm.test(given.trim()) ? Number(given) : NaN;
  return Number.isFinite(value) ? value : null;
};
