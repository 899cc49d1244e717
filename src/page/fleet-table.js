import { el, onNextFrame, setAttribute, setText } from './dom.js';
import { edged } from './edges.js';
import { columnsOf, dim } from './fleet-columns.js';
import { createRows, scrollTo, stepOf } from './rows.js';

/** Sorting by a value that moves must not make rows dance. */
const resortMs = 1000;

/**
 * The fleet as a table that is searched and sorted. `alerts` tells the worst active alert of a device. Rows are links;
 * arrow keys, page keys, Home and End walk them.
 */
export const createFleetTable = ({ box, count, search, fleet, alerts, metrics, now }) => {
  const columns = columnsOf(metrics, alerts, now);
  const rows = createRows(box, columns, fleet.get);
  let sort = { key: 'id', isDescending: false };
  let order = [];
  let sortedAt = -Infinity;

  const sortAnew = () => {
    sortedAt = -Infinity;
    box.scrollTop = 0;
    refresh();
  };
  const heads = columns.map((column) =>
    head(column, () => {
      sort = { key: column.key, isDescending: sort.key === column.key && !sort.isDescending };
      sortAnew();
    }),
  );
  const table = el('table', { class: 'fleet' }, el('thead', {}, el('tr', {}, ...heads)), rows.body);
  setWidths(table, { width: sumOf(columns, 'width'), narrow: sumOf(columns, 'narrow') });
  const none = el('p', { class: 'none quiet', hidden: true }, 'no device matches');
  box.replaceChildren(table, none);
  edged(box);

  const resort = () => {
    const text = search.value.trim();
    order = fleet.list({ search: text, ...sort, alertRank: alerts.rank }).map(({ id }) => id);
    sortedAt = Date.now();
    columns.forEach(({ key }, i) => setAttribute(heads[i], 'aria-sort', key === sort.key ? direction(sort) : null));
    table.setAttribute('aria-rowcount', String(order.length + 1));
    setText(count, countText(fleet.size, order.length, text));
    none.hidden = order.length > 0 || fleet.size === 0;
  };
  const paint = () => {
    dim();
    if (Date.now() - sortedAt >= resortMs) resort();
    rows.paint(order);
  };
  const refresh = onNextFrame(paint);

  const walk = (event) => {
    const from = order.findIndex((id) => rows.linkOf(id) === document.activeElement);
    const to = stepOf(event.key, from, box, order.length);
    if (from < 0 || to === undefined || document.activeElement === null) return;
    event.preventDefault();
    scrollTo(box, to);
    paint();
    rows.linkOf(order[to])?.focus({ preventScroll: true });
  };

  box.addEventListener('scroll', refresh, { passive: true });
  rows.body.addEventListener('keydown', walk);
  search.addEventListener('input', sortAnew);
  return { refresh };
};

const head = ({ key, title, unit, kind, ...widths }, sort) => {
  const button = el('button', { type: 'button', click: sort }, title);
  if (unit) button.append(el('span', { class: 'unit' }, ` ${unit}`));
  const node = el('th', { scope: 'col', class: kind, 'data-key': key }, button);
  setWidths(node, widths);
  return node;
};

/** Which of the two holds is for the style sheet to say. */
const setWidths = ({ style }, { width, narrow }) => {
  style.setProperty('--width', `${width}px`);
  style.setProperty('--narrow', `${narrow}px`);
};

const sumOf = (columns, key) => columns.reduce((sum, column) => sum + column[key], 0);

const direction = ({ isDescending }) => (isDescending ? 'descending' : 'ascending');

const countText = (all, found, text) => {
  if (all === 0) return 'waiting for the first devices';
  return text === '' ? `${all} devices` : `${found} of ${all} devices`;
};
