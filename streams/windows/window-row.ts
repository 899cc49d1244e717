import * as t from 'io-ts';

/**
 * The statistics of one metric in an open window: a plain array of doubles, in memory as in the store. Times are ms behind the start of
 * the window. `m2` is the sum of squared differences from the mean. There is a row once there is a value.
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

const isRow = (value: unknown): value is WindowRow =>
  Array.isArray(value) && value.length === columns.length && value.every(Number.isFinite);

export const WindowRow = new t.Type<WindowRow>(
  `[${columns.join(', ')}]`,
  isRow,
  (value, context) => (isRow(value) ? t.success(doubles(value)) : t.failure(value, context)),
  t.identity,
);

const noValues: WindowRow = [0, 0, Infinity, -Infinity, 0, Infinity, NaN, -Infinity, NaN, 0];

/** Of no value yet. A copy keeps its kind of array: unboxed doubles from the start, whatever comes in. */
export const emptyRow = (): WindowRow => [...noValues];

/** JSON.parse gives another kind of array when all numbers are small and whole. */
const doubles = (row: WindowRow): WindowRow => Object.assign(emptyRow(), row);

/**
 * Folds one value; of equal times the first to come is first and the last to come is last. `m2` by the updating formula of Youngs and
 * Cramer (1971, Technometrics 13(3)): stable where the sum of squares is not. Of values that are all the same it stays exactly 0.
 */
export const addTo = (row: WindowRow, value: number, afterMs: number): void => {
  const count = row[column.count] + 1;
  const sum = row[column.sum] + value;
  row[column.count] = count;
  row[column.sum] = sum;
  if (value < row[column.min]) row[column.min] = value;
  if (value > row[column.max]) row[column.max] = value;
  if (row[column.min] < row[column.max]) {
    const ahead = count * value - sum;
    row[column.m2] += (ahead * ahead) / (count * (count - 1));
  }
  if (afterMs < row[column.firstAfterMs]) {
    row[column.firstAfterMs] = afterMs;
    row[column.first] = value;
  }
  if (afterMs >= row[column.lastAfterMs]) {
    row[column.lastAfterMs] = afterMs;
    row[column.last] = value;
  }
};

/**
 * Adds another row of the same metric, whose window begins `laterMs` (≥ 0) after this one's. `m2` by the formula for joining two sets (Chan, Golub,
 * LeVeque 1979). Of equal times the other row's value is the last.
 */
export const mergeInto = (row: WindowRow, other: WindowRow, laterMs: number): void => {
  const [n, m] = [row[column.count], other[column.count]];
  const apart = other[column.sum] / m - row[column.sum] / n;
  row[column.m2] += other[column.m2] + (apart * apart * n * m) / (n + m);
  row[column.count] = n + m;
  row[column.sum] += other[column.sum];
  row[column.min] = Math.min(row[column.min], other[column.min]);
  row[column.max] = Math.max(row[column.max], other[column.max]);
  if (other[column.firstAfterMs] + laterMs < row[column.firstAfterMs]) {
    row[column.firstAfterMs] = other[column.firstAfterMs] + laterMs;
    row[column.first] = other[column.first];
  }
  if (other[column.lastAfterMs] + laterMs >= row[column.lastAfterMs]) {
    row[column.lastAfterMs] = other[column.lastAfterMs] + laterMs;
    row[column.last] = other[column.last];
  }
  row[column.revision] = Math.max(row[column.revision], other[column.revision]);
};
