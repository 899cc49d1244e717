import type { Scored } from './score-series.js';

export type Lines = (scored: Scored, isFinding: boolean) => string;

const plain = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** For machines: one JSON object a line, null for what is not there. */
export const jsonLine: Lines = ({ timestamp, value, score, low, high }) =>
  `${JSON.stringify({ timestamp, value: plain(value), score, low: plain(low), high: plain(high) })}\n`;

const widths = [25, 12, 7, 12, 12, 0];

const inColumns = (cells: readonly string[]): string => {
  const padded = cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  return `${padded.join('  ').trimEnd()}\n`;
};

const shown = (value: number): string => (Number.isNaN(value) ? '-' : String(Number(value.toPrecision(7))));

export const textHeader = inColumns(['timestamp', 'value', 'score', 'low', 'high']);

/** For people: columns of a fixed width, since the widest is not known before the end; `<` marks what belongs to a finding. */
export const textLine: Lines = ({ timestamp, value, score, low, high }, isFinding) =>
  inColumns([String(timestamp), shown(value), score.toFixed(4), shown(low), shown(high), isFinding ? '<' : '']);
