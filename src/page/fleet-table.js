import { el, onNextFrame, setAttribute, setText } from './dom.js';
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
  table.style.width = `${columns.reduce((sum, { width }) => sum + width, 0)}px`;
  box.replaceChildren(table);

  const resort = () => {
    const text = search.value.trim();
    order = fleet.list({ search: text, ...sort, alertRank: alerts.rank }).map(({ id }) => id);
    sortedAt = Date.now();
    columns.forEach(({ key }, i) => setAttribute(heads[i], 'aria-sort', key === sort.key ? direction(sort) : null));
    table.setAttribute('aria-rowcount', String(order.length + 1));
    setText(count, countText(fleet.size, order.length, text));
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

const head = ({ title, unit, isNumber, width }, sort) => {
  const button = el('button', { type: 'button', click: sort }, title);
  if (unit) button.append(el('span', { class: 'unit' }, ` ${unit}`));
  const node = el('th', { scope: 'col', class: isNumber ? 'number' : null }, button);
  node.style.width = `${width}px`;
  return node;
};

const direction = ({ isDescending }) => (isDescending ? 'descending' : 'ascending');

const countText = (all, found, text) => {
  if (all === 0) return 'waiting for the first devices';
  return text === '' ? `${all} devices` : `${found} of ${all} devices`;
};
