import { changedAt } from './alerts.js';
import { el, linkToDevice, onNextFrame, setText } from './dom.js';
import { age, reading, time } from './format.js';

const mostShown = 100;

/** Active alerts, then those that cleared of late; newest first. */
export const createAlertBoard = ({ box, count, alerts, now }) => {
  const active = el('ul', { class: 'alerts' });
  const cleared = el('ul', { class: 'alerts' });
  const more = el('p', { class: 'quiet' });
  const clearedTitle = el('h3', {}, 'Cleared');
  box.replaceChildren(el('h3', {}, 'Active'), active, more, clearedTitle, cleared);
  const items = new Map();

  const paintList = (list, found) => {
    const kept = new Set(found.map(keyOf));
    for (const node of [...list.children]) if (!kept.has(node.dataset.key)) node.remove();
    let previous = null;
    for (const alert of found) {
      const key = keyOf(alert);
      const item = items.get(key) ?? itemOf(alert, key);
      items.set(key, item);
      if (previous === null ? list.firstChild !== item : previous.nextSibling !== item) {
        if (previous === null) list.prepend(item);
        else previous.after(item);
      }
      setText(item.querySelector('.age'), age(now() - changedAt(alert)));
      previous = item;
    }
  };

  const paint = () => {
    const ofActive = alerts.list('active');
    const ofCleared = alerts.list('cleared');
    paintList(active, ofActive.slice(0, mostShown));
    paintList(cleared, ofCleared.slice(0, mostShown));
    clearedTitle.hidden = ofCleared.length === 0;
    setText(count, ofActive.length === 0 ? 'none active' : `${ofActive.length} active`);
    const hidden = ofActive.length - mostShown;
    setText(more, hidden > 0 ? `and ${hidden} more; the fleet sorts by alert` : '');
    forget();
  };

  const forget = () => {
    for (const [key, item] of items) if (!item.isConnected) items.delete(key);
  };
  return { refresh: onNextFrame(paint) };
};

const keyOf = ({ id, version }) => `${version}:${id}`;

const itemOf = (alert, key) =>
  el(
    'li',
    { 'data-key': key, 'data-severity': alert.severity, 'data-state': alert.state },
    el('span', { class: 'severity' }, alert.severity),
    el('a', { href: linkToDevice(alert.device) }, alert.device),
    el('span', { class: 'age quiet' }),
    el('p', {}, alert.message),
    el('p', { class: 'quiet' }, episode(alert)),
  );

const episode = ({ raisedAtMs, raisedValue, peakValue, clearedAtMs, clearedValue }) =>
  clearedAtMs === null
    ? `raised ${time(raisedAtMs)} at ${reading(raisedValue)}`
    : `raised ${time(raisedAtMs)} at ${reading(raisedValue)}, peak ${reading(peakValue)}, cleared ${time(clearedAtMs)} at ${reading(clearedValue)}`;
