/**
 * Windows and live readings as the columns of the chart: x in seconds, then mean of closed windows, mean of open ones, min,
 * max, readings. `undefined` says "nothing of this series is here", `null` says "here is a gap".
 */
export const chartData = (windows, readings) => {
  const points = new Map();
  const at = (ms) => {
    const known = points.get(ms);
    if (known !== undefined) return known;
    const point = [undefined, undefined, undefined, undefined, undefined];
    points.set(ms, point);
    return point;
  };

  const sorted = [...windows].sort((a, b) => a.start - b.start);
  sorted.forEach((window, i) => {
    const point = at((window.start + window.end) / 2);
    const next = sorted[i + 1];
    if (window.isClosed) point[0] = window.mean;
    // The open part begins at the last closed window, so that the line does not break between them.
    if (!window.isClosed || next?.isClosed === false) point[1] = window.mean;
    point[2] = window.min;
    point[3] = window.max;
    if (next !== undefined && next.start > window.end) at(window.end + 1).fill(null, 0, 4);
  });
  for (const { atMs, value } of readings) at(atMs)[4] = value;

  const xs = [...points.keys()].sort((a, b) => a - b);
  const columns = [0, 1, 2, 3, 4].map((column) => xs.map((x) => points.get(x)[column]));
  return [xs.map((ms) => ms / 1000), ...columns];
};
