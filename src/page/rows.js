import { el, linkToDevice, setAttribute } from './dom.js';

const rowHeight = 34;
const spare = 8;

/** The rows of a long table of which only those in sight exist; two spacers stand for the others. */
export const createRows = (box, columns, viewOf) => {
  const above = spacer(columns.length);
  const below = spacer(columns.length);
  const body = el('tbody', {}, above, below);
  const rows = new Map();

  const paint = (order) => {
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - spare);
    const last = Math.min(order.length, Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + spare);
    const shown = order.slice(first, last);
    keepOnly(new Set(shown));
    let previous = above;
    shown.forEach((id, i) => {
      const row = rows.get(id) ?? added(id);
      if (previous.nextSibling !== row.node) previous.after(row.node);
      setAttribute(row.node, 'aria-rowindex', String(first + i + 2));
      fill(row, viewOf(id));
      previous = row.node;
    });
    above.firstChild.style.height = `${first * rowHeight}px`;
    below.firstChild.style.height = `${(order.length - last) * rowHeight}px`;
  };

  const keepOnly = (ids) => {
    for (const [id, { node }] of rows) {
      if (ids.has(id)) continue;
      node.remove();
      rows.delete(id);
    }
  };

  const added = (id) => {
    const row = newRow(id, columns);
    rows.set(id, row);
    return row;
  };

  const fill = ({ cells }, view) => {
    if (view === undefined) return;
    columns.forEach((column, i) => column.fill(cells[i], view));
  };

  return { body, paint, linkOf: (id) => rows.get(id)?.link ?? null };
};

/** Scrolls a row into sight, below the head that sticks to the top. */
export const scrollTo = (box, at) => {
  const top = at * rowHeight;
  const room = box.clientHeight - 2 * rowHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top > box.scrollTop + room) box.scrollTop = top - room;
};

/** Where a key leads from a row; undefined for a key that leads nowhere. */
export const stepOf = (key, from, box, length) => {
  const page = Math.max(1, Math.floor(box.clientHeight / rowHeight) - 2);
  const steps = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page };
  const to = { ...steps, Home: 0, End: length - 1 }[key];
  return to === undefined ? undefined : Math.min(length - 1, Math.max(0, to));
};

const newRow = (id, columns) => {
  const link = el('a', { href: linkToDevice(id), title: id }, id);
  const cells = columns.map(({ kind }, i) => (i === 0 ? el('th', { scope: 'row' }, link) : el('td', { class: kind })));
  return { node: el('tr', {}, ...cells), cells, link };
};

const spacer = (span) => el('tr', { class: 'spacer', 'aria-hidden': 'true' }, el('td', { colspan: span }));
