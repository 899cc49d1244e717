import { el, linkToDevice, onNextFrame, setAttribute, setText } from './dom.js';
import { age, nothing, place, reading } from './format.js';

const rowHeight = 34;
const spare = 8;
/** Sorting by a value that moves must not make rows dance. */
const resortMs = 1000;
const litMs = 600;

/**
 * The fleet as a table of which only the rows in sight exist. `alerts` tells the worst active alert of a device. Rows are
 * links; arrow keys, page keys, Home and End walk them.
 */
export const createFleetTable = ({ box, count, search, fleet, alerts, metrics, now }) => {
  const columns = columnsOf(metrics, alerts, now);
  let sort = { key: 'id', isDescending: false };
  let order = [];
  let sortedAt = -Infinity;
  const rows = new Map();

  const heads = columns.map(({ key, title, unit, isNumber, width }) => {
    const button = el('button', { type: 'button', click: () => sortBy(key) }, title);
    if (unit) button.append(el('span', { class: 'unit' }, ` ${unit}`));
    const head = el('th', { scope: 'col', class: isNumber ? 'number' : null }, button);
    head.style.width = `${width}px`;
    return head;
  });
  const above = spacer(columns.length);
  const below = spacer(columns.length);
  const body = el('tbody', {}, above, below);
  const table = el('table', { class: 'fleet' }, el('thead', {}, el('tr', {}, ...heads)), body);
  table.style.width = `${columns.reduce((sum, { width }) => sum + width, 0)}px`;
  box.replaceChildren(table);

  const sortBy = (key) => {
    sort = { key, isDescending: sort.key === key && !sort.isDescending };
    sortedAt = -Infinity;
    box.scrollTop = 0;
    refresh();
  };

  const resort = () => {
    const text = search.value.trim();
    order = fleet.list({ search: text, ...sort, alertRank: (id) => alerts.rank(id) });
    sortedAt = Date.now();
    columns.forEach(({ key }, i) =>
      setAttribute(heads[i], 'aria-sort', key === sort.key ? (sort.isDescending ? 'descending' : 'ascending') : null),
    );
    table.setAttribute('aria-rowcount', String(order.length + 1));
    setText(count, countText(fleet.size, order.length, text));
  };

  const paint = () => {
    dim();
    if (Date.now() - sortedAt >= resortMs) resort();
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - spare);
    const last = Math.min(order.length, Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + spare);
    const shown = order.slice(first, last);
    const ids = new Set(shown.map(({ id }) => id));
    for (const [id, row] of rows) if (!ids.has(id)) remove(id, row);
    let previous = above;
    shown.forEach(({ id }, i) => {
      const row = rows.get(id) ?? newRow(id);
      if (previous.nextSibling !== row.node) previous.after(row.node);
      setAttribute(row.node, 'aria-rowindex', String(first + i + 2));
      fill(row, fleet.get(id));
      previous = row.node;
    });
    above.firstChild.style.height = `${first * rowHeight}px`;
    below.firstChild.style.height = `${(order.length - last) * rowHeight}px`;
  };
  const refresh = onNextFrame(paint);

  const newRow = (id) => {
    const link = el('a', { href: linkToDevice(id) }, id);
    const cells = columns.map(({ isNumber }, i) =>
      i === 0 ? el('th', { scope: 'row' }, link) : el('td', { class: isNumber ? 'number' : null }),
    );
    const row = { node: el('tr', {}, ...cells), cells, link };
    rows.set(id, row);
    return row;
  };

  const remove = (id, row) => {
    row.node.remove();
    rows.delete(id);
  };

  const fill = (row, view) => {
    if (view === undefined) return;
    columns.forEach((column, i) => {
      if (i > 0) column.fill(row.cells[i], view);
    });
  };

  const walk = (event) => {
    const from = order.findIndex(({ id }) => rows.get(id)?.link === document.activeElement);
    const page = Math.max(1, Math.floor(box.clientHeight / rowHeight) - 2);
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: order.length - 1 }[event.key]; // prettier-ignore
    if (from < 0 || to === undefined) return;
    event.preventDefault();
    const at = Math.min(order.length - 1, Math.max(0, to));
    const top = at * rowHeight;
    const room = box.clientHeight - 2 * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top > box.scrollTop + room) box.scrollTop = top - room;
    paint();
    rows.get(order[at].id)?.link.focus({ preventScroll: true });
  };

  box.addEventListener('scroll', refresh, { passive: true });
  body.addEventListener('keydown', walk);
  search.addEventListener('input', () => {
    sortedAt = -Infinity;
    box.scrollTop = 0;
    refresh();
  });
  return { refresh };
};

/** Stands for the rows that are not in sight. */
const spacer = (span) => el('tr', { class: 'spacer', 'aria-hidden': 'true' }, el('td', { colspan: span }));

const countText = (all, found, text) => {
  if (all === 0) return 'waiting for the first devices';
  return text === '' ? `${all} devices` : `${found} of ${all} devices`;
};

/** Widths in px are given, so that columns stay where they are while rows come and go. */
const columnsOf = (metrics, alerts, now) => [
  { key: 'id', title: 'Device', width: 190, fill: () => undefined },
  { key: 'alert', title: 'Alert', width: 84, fill: (cell, view) => fillAlert(cell, alerts.worst(view.id)) },
  { key: 'quality', title: 'Quality', width: 92, fill: (cell, view) => fillQuality(cell, view.quality) },
  { key: 'type', title: 'Type', width: 150, fill: (cell, view) => setText(cell, view.profile.type ?? nothing) },
  ...metrics.map(({ name, unit }) => ({
    key: name,
    title: name,
    unit,
    width: 40 + 8 * (name.length + unit.length),
    isNumber: true,
    fill: (cell, view) => fillReading(cell, view.readings[name]),
  })),
  {
    key: 'seen',
    title: 'Age',
    width: 76,
    isNumber: true,
    fill: (cell, view) => setText(cell, age(now() - view.eventTimeMs)),
  },
  { key: 'place', title: 'Place', width: 240, fill: (cell, view) => setText(cell, place(view.profile.location)) },
];

const fillAlert = (cell, severity) => {
  setText(cell, severity ?? '');
  setAttribute(cell, 'data-severity', severity);
};

const fillQuality = (cell, quality) => {
  setText(cell, quality);
  setAttribute(cell, 'data-quality', quality);
};

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

const lit = new Map();

const dim = () => {
  const nowMs = Date.now();
  for (const [cell, untilMs] of lit) {
    if (untilMs > nowMs) continue;
    cell.classList.remove('lit');
    lit.delete(cell);
  }
};
