import { setAttribute, setText } from './dom.js';
import { age, nothing, place, reading } from './format.js';

const litMs = 600;

/** The columns of the fleet. Widths in px are given, so that columns stay where they are while rows come and go. */
export const columnsOf = (metrics, alerts, now) => [
  { key: 'id', title: 'Device', width: 190, fill: () => undefined },
  { key: 'alert', title: 'Alert', width: 84, fill: (cell, view) => fillAlert(cell, alerts.worst(view.id)) },
  { key: 'quality', title: 'Quality', width: 92, fill: (cell, view) => fillQuality(cell, view.quality) },
  { key: 'type', title: 'Type', width: 150, fill: (cell, view) => setText(cell, view.profile.type ?? nothing) },
  ...metrics.map(metricColumn),
  {
    key: 'seen',
    title: 'Age',
    width: 76,
    isNumber: true,
    fill: (cell, view) => setText(cell, age(now() - view.eventTimeMs)),
  },
  { key: 'place', title: 'Place', width: 240, fill: (cell, view) => setText(cell, place(view.profile.location)) },
];

const metricColumn = ({ name, unit }) => ({
  key: name,
  title: name,
  unit,
  width: 40 + 8 * (name.length + unit.length),
  isNumber: true,
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
