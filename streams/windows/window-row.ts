import * as t from 'io-ts';

/**
 * The statistics of one metric in an open window: doubles, in memory as in the store. Times are ms behind the start of the window. `m2` is the sum of
 * squared differences from the mean. In memory the rows of all metrics of a window lie one behind the other in one array; that of a metric without a
 * value counts 0, and is not stored.
 */
export type WindowRow = [
  count: number,
  sum: number,
  min: number,
  max: number,
  m2: number,
  firstAfterMs: number,
  first: number,
  lastAfterMs: number,
  last: number,
  revision: number,
];

/** Where a row has what. */
export const column = {
  count: 0,
  sum: 1,
  min: 2,
  max: 3,
  m2: 4,
  firstAfterMs: 5,
  first: 6,
  lastAfterMs: 7,
  last: 8,
  revision: 9,
} as const;

const columns = Object.keys(column);

/** How many numbers a row has. */
export const rowLength = columns.length;

const isRow = (value: unknown): value is WindowRow =>
  Array.isArray(value) && value.length === rowLength && value.every(Number.isFinite);

export const WindowRow = new t.Type<WindowRow>(
  `[${columns.join(', ')}]`,
  isRow,
  (value, context) => (isRow(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
);

const noValues: WindowRow = [0, 0, Infinity, -Infinity, 0, Infinity, NaN, -Infinity, NaN, 0];

/** Rows of no value yet. Grown one by one: the engine knows then that all are doubles, and so it does of copies. */
export const emptyRows = (count: number): number[] => {
  const rows: number[] = [];
  for (let i = 0; i < count; i += 1) for (const value of noValues) rows.push(value);
  return rows;
};

/** A copy of one of several rows. */
export const rowAt = (rows: readonly number[], position: number): WindowRow =>
  rows.slice(position * rowLength, (position + 1) * rowLength) as WindowRow;

/** Puts a row among several. */
export const putRow = (rows: number[], position: number, row: WindowRow): void => {
  for (let i = 0; i < rowLength; i += 1) rows[position * rowLength + i] = row[i] ?? NaN;
};

/**
 * Folds one value into the row of a metric; of equal times the first to come is first and the last to come is last. `m2` by the updating formula of Youngs
 * and Cramer (1971, Technometrics 13(3)): stable where the sum of squares is not. Of values that are all the same it stays exactly 0.
 */
export const addTo = (rows: number[], position: number, value: number, afterMs: number): void => {
  const at = position * rowLength;
  const count = (rows[at + column.count] ?? NaN) + 1;
  const sum = (rows[at + column.sum] ?? NaN) + value;
  rows[at + column.count] = count;
  rows[at + column.sum] = sum;
  let min = rows[at + column.min] ?? NaN;
  let max = rows[at + column.max] ?? NaN;
  if (value < min) rows[at + column.min] = min = value;
  if (value > max) rows[at + column.max] = max = value;
  if (min < max) {
    const ahead = count * value - sum;
    rows[at + column.m2] = (rows[at + column.m2] ?? NaN) + (ahead * ahead) / (count * (count - 1));
  }
  if (afterMs < (rows[at + column.firstAfterMs] ?? NaN)) {
    rows[at + column.firstAfterMs] = afterMs;
    rows[at + column.first] = value;
  }
  if (afterMs >= (rows[at + column.lastAfterMs] ?? NaN)) {
    rows[at + column.lastAfterMs] = afterMs;
    rows[at + column.last] = value;
  }
};

/**
 * Adds another row of the same metric, whose window begins `laterMs` (≥ 0) after this one's. `m2` by the formula for joining two sets (Chan, Golub,
 * LeVeque 1979). Of equal times the other row's value is the last.
 */
export const merged = (row: WindowRow, other: WindowRow, laterMs: number): WindowRow => {
  const [n, m] = [row[column.count], other[column.count]];
  const apart = other[column.sum] / m - row[column.sum] / n;
  const isFirst = other[column.firstAfterMs] + laterMs < row[column.firstAfterMs];
  const isLast = other[column.lastAfterMs] + laterMs >= row[column.lastAfterMs];
  return [
    n + m,
    row[column.sum] + other[column.sum],
    Math.min(row[column.min], other[column.min]),
    Math.max(row[column.max], other[column.max]),
    row[column.m2] + (other[column.m2] + (apart * apart * n * m) / (n + m)),
    isFirst ? other[column.firstAfterMs] + laterMs : row[column.firstAfterMs],
    isFirst ? other[column.first] : row[column.first],
    isLast ? other[column.lastAfterMs] + laterMs : row[column.lastAfterMs],
    isLast ? other[column.last] : row[column.last],
    Math.max(row[column.revision], other[column.revision]),
  ];
};
