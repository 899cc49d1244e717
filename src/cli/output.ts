import { once } from 'node:events';

/** Columns padded to their widest cell; the last one is left as it is. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
};

export const out = (text: string): void => {
  process.stdout.write(text);
};

/** The same, for much: goes on once whoever reads has room for more. */
export const outPaced = async (text: string): Promise<void> => {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
};

export const err = (text: string): void => {
  process.stderr.write(text);
};

/** For machines: one JSON document and nothing else. */
export const outJson = (value: unknown): void => {
  out(`${JSON.stringify(value, null, 2)}\n`);
};
