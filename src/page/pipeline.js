import { el, setAttribute, setText } from './dom.js';
import { edged } from './edges.js';
import { bytes, count, duration, nothing, reading, rough } from './format.js';
import { createSparkline } from './sparkline.js';

/** Rates, lag and state of the pipeline, from `/api/v1/status`. */
export const createPipeline = ({ tiles, partitions, totals }) => {
  const records = tile('Records read', '/s', createSparkline());
  const lag = tile('Lag', 'records', createSparkline());
  const left = tile('Set aside', '/s');
  const shares = tile('Partitions', '');
  const health = el('div', { class: 'tile wide' });
  tiles.replaceChildren(records.node, lag.node, left.node, shares.node, health);
  const partitionTable = createTable(partitions, ['Partition', 'State', 'Lag', 'Behind', 'Settled', 'End of log', 'Unsettled', 'Reason'], partitionNumbers); // prettier-ignore
  const totalTable = createTable(totals, ['Topic', 'Read', 'Counted', 'Duplicate', 'Late', 'Dead', 'Skipped', 'Adds up'], totalNumbers); // prettier-ignore

  return {
    show(status) {
      const { read, counted, late, dead, duplicate, skipped } = status.rates.perSecond;
      records.show(rough(read), `${rough(counted)}/s counted`, read);
      lag.show(rough(status.lag), lagDetail(status.partitions), status.lag ?? 0);
      left.show(reading(late + dead + duplicate + skipped), leftDetail(status.rates.perSecond));
      shares.show(count(status.partitions.length), phasesOf(status.partitions));
      health.replaceChildren(...dependencyLines(status), el('p', { class: 'quiet' }, machineLine(status)));
      partitionTable.show(status.partitions.map(partitionRow));
      totalTable.show(Object.entries(status.totals ?? {}).map(totalRow));
    },
  };
};

const tile = (title, unit, spark = null) => {
  const value = el('span', { class: 'value' }, nothing);
  const detail = el('p', { class: 'quiet' });
  const node = el(
    'div',
    { class: 'tile' },
    el('h3', {}, title),
    el('p', {}, value, ' ', el('span', { class: 'unit' }, unit)),
    detail,
    spark?.svg,
  );
  const show = (text, more, point) => {
    setText(value, text);
    setText(detail, more);
    if (point !== undefined) spark?.add(point);
  };
  return { node, show };
};

const lagDetail = (partitions) => {
  const behind = Math.max(0, ...partitions.map(({ lagMs }) => lagMs ?? 0));
  return behind === 0 ? 'up to date' : `at most ${duration(behind)} behind`;
};

const leftDetail = ({ duplicate, late, dead, skipped }) =>
  [
    [duplicate, 'duplicate'],
    [late, 'late'],
    [dead, 'dead'],
    [skipped, 'skipped'],
  ]
    .filter(([rate]) => rate > 0)
    .map(([rate, name]) => `${reading(rate)} ${name}`)
    .join(', ') || 'nothing of late';

const phasesOf = (partitions) => {
  const counts = new Map();
  for (const { phase } of partitions) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return [...counts].map(([phase, many]) => `${many} ${phase}`).join(', ') || 'none assigned';
};

const names = { source: 'Source', store: 'Store', deadLetters: 'Dead letters' };

const dependencyLines = ({ dependencies }) =>
  Object.entries(dependencies).map(([name, { isReady, detail }]) =>
    el(
      'p',
      { class: 'dependency', 'data-state': isReady ? 'ready' : 'not_ready' },
      el('strong', {}, names[name] ?? name),
      ` ${isReady ? 'ready' : 'not ready'}`,
      el('span', { class: 'quiet' }, ` ${detail}`),
    ),
  );

const machineLine = ({ clients, eventLoopLag, uptimeMs, settings }) =>
  `${clients} ${clients === 1 ? 'client' : 'clients'} · event loop p99 ${reading(eventLoopLag.p99Ms)} ms · up ${duration(uptimeMs)} · rules ${settings.rules}`;

const partitionNumbers = new Set([2, 3, 4, 5, 6]);
const totalNumbers = new Set([1, 2, 3, 4, 5, 6]);

const partitionRow = (partition) => ({
  state: partition.phase,
  cells: [
    `${partition.topic}-${partition.partition}`,
    partition.phase,
    count(partition.lag),
    duration(partition.lagMs),
    count(partition.settled),
    count(partition.highWatermark),
    bytes(partition.unsettledBytes),
    partition.reason ?? '',
  ],
});

const totalRow = ([topic, tally]) => ({
  state: tally.addsUp ? 'ready' : 'not_ready',
  cells: [
    topic,
    ...[tally.read, tally.counted, tally.duplicate, tally.late, tally.dead, tally.skipped].map((n) => count(n)),
    tally.addsUp ? 'yes' : 'no',
  ],
});

/** A table that is filled in place, so that it can be read, selected and scrolled while it changes. */
const createTable = (box, titles, numbers) => {
  const cellClass = (i) => (numbers.has(i) ? 'number' : null);
  const body = el('tbody');
  const heads = titles.map((title, i) => el('th', { scope: 'col', class: cellClass(i) }, title));
  box.replaceChildren(el('table', {}, el('thead', {}, el('tr', {}, ...heads)), body));
  edged(box);
  const newRow = () =>
    el('tr', {}, ...titles.map((title, i) => el(i === 0 ? 'th' : 'td', { scope: i === 0 ? 'row' : null, class: cellClass(i), 'data-title': title }))); // prettier-ignore

  return {
    show(rows) {
      while (body.rows.length > rows.length) body.lastChild.remove();
      while (body.rows.length < rows.length) body.append(newRow());
      rows.forEach(({ state, cells }, r) => {
        const row = body.rows[r];
        setAttribute(row, 'data-state', state);
        cells.forEach((text, i) => setText(row.cells[i], text));
      });
    },
  };
};
