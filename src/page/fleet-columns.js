import { setAttribute, setText } from './dom.js';
import { age, nothing, place, reading } from './format.js';

const litMs = 600;

/**
 * The columns of the fleet. Widths in px are given, so that columns stay where they are while rows come and go; `narrow` is the width on a phone, where a
 * `kind` of `mark` is shown as a sign and one of `spare` not at all.
 */
export const columnsOf = (metrics, alerts, now) => [
  { key: 'id', title: 'Device', width: 190, narrow: 104, fill: () => undefined },
  {
    key: 'alert',
    title: 'Alert',
    kind: 'mark',
    width: 84,
    narrow: 26,
    fill: (cell, view) => fillAlert(cell, alerts.worst(view.id)),
  },
  {
    key: 'quality',
    title: 'Quality',
    kind: 'mark',
    width: 92,
    narrow: 26,
    fill: (cell, view) => fillQuality(cell, view.quality),
  },
  {
    key: 'type',
    title: 'Type',
    kind: 'spare',
    width: 150,
    narrow: 0,
    fill: (cell, view) => setText(cell, view.profile.type ?? nothing),
  },
  ...metrics.map(metricColumn),
  {
    key: 'seen',
    title: 'Age',
    kind: 'number',
    width: 76,
    narrow: 64,
    fill: (cell, view) => setText(cell, age(now() - view.eventTimeMs)),
  },
  {
    key: 'place',
    title: 'Place',
    width: 240,
    narrow: 200,
    fill: (cell, view) => setText(cell, place(view.profile.location)),
  },
];

const metricColumn = ({ name, unit }) => ({
  key: name,
  title: name,
  unit,
  kind: 'number',
  width: 52 + 8 * (name.length + unit.length),
  narrow: 22 + 8 * Math.max(name.length, unit.length, 5),
  fill: (cell, view) => fillReading(cell, view.readings[name]),
});

const fillAlert = (cell, severity) => {
  setText(cell, severity ?? '');
  setAttribute(cell, 'data-severity', severity);
};

const fillQuality = (cell, quality) => {
  setText(cell, quality);
  setAttribute(cell, 'data-quality', quality);
};

const lit = new Map();

/** A new value is lit for a moment. Without an animation: hundreds of those at once cost more than all the rest. */
const fillReading = (cell, found) => {
  const text = reading(found?.value);
  if (cell.textContent === text) return;
  const isFirst = cell.textContent === '';
  setText(cell, text);
  if (isFirst) return;
  cell.classList.add('lit');
  lit.set(cell, Date.now() + litMs);
};

/** Puts out what has been lit long enough. */
export const dim = () => {
  const nowMs = Date.now();
  for (const [cell, untilMs] of lit) {
    if (untilMs > nowMs) continue;
    cell.classList.remove('lit');
    lit.delete(cell);
  }
};
