import uPlot from '/vendor/uplot/uPlot.esm.js';
import { hourMinute, reading, time } from './format.js';

const height = 300;
/** A chart of a moment needs some width all the same, seconds. */
const leastSpan = 120;
/** A label of the time axis with its seconds, and air, px. */
const labelRoom = 84;

/** One metric's chart: mean with its min-to-max band, closed windows solid, open ones dashed, live readings as points. */
export const createChart = (box, { unit }) => {
  const colours = coloursOf(box);
  const value = (_, v) => (v === null || v === undefined ? '–' : `${reading(v)}${unit === '' ? '' : ` ${unit}`}`);
  const axis = { stroke: colours.quiet, grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line } };
  const noPoints = { show: false };
  const chart = new uPlot(
    {
      width: Math.max(200, box.clientWidth),
      height,
      padding: [null, labelRoom / 2, null, null],
      scales: { x: { range: (_, min, max) => widened(min, max) } },
      axes: [
        { ...axis, values: clock, space: labelRoom },
        { ...axis, size: 60 },
      ],
      series: [
        { label: 'time', value: (_, v) => (v === null ? '–' : time(v * 1000)) },
        { label: 'mean, closed window', class: 'closed', stroke: colours.accent, width: 2, value, points: { size: 5 } },
        { label: 'mean, open window', class: 'open', stroke: colours.accent, width: 2, dash: [5, 5], value, points: { size: 5 } },
        { label: 'min', class: 'min', stroke: colours.edge, width: 1, value, points: noPoints },
        { label: 'max', class: 'max', stroke: colours.edge, width: 1, value, points: noPoints },
        { label: 'reading', class: 'reading', stroke: colours.live, value, paths: () => null, points: { show: true, size: 5, fill: colours.live } },
      ], // prettier-ignore
      legend: { markers: { width: 0, fill: () => '' } },
      bands: [{ series: [4, 3], fill: colours.band }],
    },
    [[], [], [], [], [], []],
    box,
  );
  const resized = new ResizeObserver(() => chart.setSize({ width: Math.max(200, box.clientWidth), height }));
  resized.observe(box);

  return {
    show: (data) => chart.setData(data),
    close() {
      resized.disconnect();
      chart.destroy();
    },
  };
};

/** Labels of the time axis: seconds only where ticks are closer than a minute. */
const clock = (_, ticks, _axis, _space, step) => {
  const format = step >= 60 ? hourMinute : time;
  return ticks.map((seconds) => format(seconds * 1000));
};

/** What there is stands at the right, as on a chart that has been running for a while. */
const widened = (min, max) => {
  if (min === null || max === null || max - min >= leastSpan) return [min, max];
  return [max - leastSpan, max];
};

/** The canvas knows no style sheet, so its colours are read from one. */
const coloursOf = (box) => {
  const style = window.getComputedStyle(box);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    accent: colour('--accent'),
    band: colour('--band'),
    edge: colour('--edge'),
    live: colour('--live'),
    line: colour('--line'),
    quiet: colour('--quiet'),
  };
};
