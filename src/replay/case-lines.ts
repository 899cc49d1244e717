import { formatDuration } from '../config/quantity.js';
import type { Line } from './line-difference.js';
import type { CaseResult, Step, WindowFault } from './run-case.js';

/** What is to be read of a case that failed, as indented lines; of one that passed, what became of records that were dead letters. */
export const detailsOf = (result: CaseResult): readonly string[] => {
  const { alerts, windows, rejected, isPassed, reasons, startMs } = result;
  const lines: string[] = [];
  if (alerts !== null) lines.push('  alerts, - expected, + found:', ...alertLines(alerts, startMs));
  for (const fault of windows) lines.push(...windowLines(fault, startMs));
  if (rejected !== null) lines.push(`  rejected: expected ${rejected.expected}, found ${rejected.found}`);
  if (!isPassed)
    for (const { count, reason, rule, message } of reasons)
      lines.push(
        `  ${count} dead ${count === 1 ? 'letter' : 'letters'}, ${reason}${rule === null ? '' : ` (${rule})`}: ${message}`,
      );
  return lines;
};

const alertLines = (lines: readonly Line<Step>[], startMs: number): readonly string[] => {
  const cells = lines.map(({ sign, item: { atMs, rule, device, state, severity } }) => [
    sign === '=' ? ' ' : sign,
    sinceStart(atMs, startMs),
    rule,
    device,
    state,
    severity ?? '',
  ]);
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map(
    (row) =>
      `    ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
  );
};

const windowLines = (
  { window, device, metric, fromMs, off, others }: WindowFault,
  startMs: number,
): readonly string[] => {
  const name = `  window ${window} of ${metric} on ${device} from ${sinceStart(fromMs, startMs)}:`;
  if (off !== null)
    return [name, ...off.map((one) => `    ${one.name}: expected ${one.expected}, found ${one.found ?? 'nothing'}`)];
  const instead =
    others.length === 0
      ? 'none of these has ended'
      : `there are from ${others.map((at) => sinceStart(at, startMs)).join(', ')}`;
  return [`${name} has not ended, or is not there; ${instead}`];
};

/** As cases write it: a duration from the start, or before it a time of the calendar. */
const sinceStart = (atMs: number, startMs: number): string =>
  atMs < startMs ? new Date(atMs).toISOString() : inParts(atMs - startMs);

/** 90,000 ms as `1m30s`: people count in hours, minutes and seconds. */
const inParts = (ms: number): string => {
  if (ms === 0) return '0s';
  let left = ms;
  return [86_400_000, 3_600_000, 60_000, 1_000, 1]
    .map((factor) => {
      const whole = Math.floor(left / factor) * factor;
      left -= whole;
      return whole === 0 ? '' : formatDuration(whole);
    })
    .join('');
};
