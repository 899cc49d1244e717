import { readDevice, readWindows } from './api.js';
import { createChart } from './chart.js';
import { chartData } from './chart-data.js';
import { el, onNextFrame, setText } from './dom.js';
import { age, count, nothing, place, reading, time } from './format.js';

const windowsEveryMs = 5000;
const mostReadings = 2000;
const mostRows = 12;

/** One device: what it is, its readings, and the chart of one of them. `close` is called when somebody leaves. */
export const createDevicePanel = ({ section, fleet, metrics, now, close }) => {
  let open = null;

  const show = (id) => {
    hide();
    const view = fleet.get(id);
    open = openDevice({ section, id, metrics, now, close });
    section.hidden = false;
    if (view !== undefined) open.update(view);
    section.scrollIntoView({ block: 'nearest' });
    section.querySelector('h2').focus();
  };

  const hide = () => {
    open?.dispose();
    open = null;
    section.hidden = true;
    section.replaceChildren();
  };

  const openId = () => open?.id ?? null;
  return {
    show,
    hide,
    openId,
    update: (view) => open?.update(view),
    /** The canvas knows no style sheet: drawn anew for another colour scheme. */
    recolour: () => open?.redraw(),
  };
};

const openDevice = ({ section, id, metrics, now, close }) => {
  const parts = skeleton(id, metrics, close, (name) => choose(name));
  section.replaceChildren(...parts.nodes);
  const readings = new Map(metrics.map(({ name }) => [name, []]));
  let metric = null;
  let chart = null;
  let windows = [];
  let isGone = false;

  const paint = onNextFrame(() => {
    if (isGone || chart === null) return;
    chart.show(chartData(windows, readings.get(metric.name)));
    parts.rows(windows);
  });

  const redraw = () => {
    chart?.close();
    chart = createChart(parts.chart, metric);
    paint();
  };

  const choose = (name) => {
    const found = metrics.find((each) => each.name === name);
    if (found === undefined) return;
    metric = found;
    windows = [];
    parts.chosen(metric);
    redraw();
    void load();
  };

  const load = async () => {
    if (metric === null || document.hidden) return;
    const asked = metric;
    try {
      const found = await readWindows(id, { metric: asked.name, limit: 1000 });
      if (asked !== metric || isGone) return;
      windows = found.windows;
      parts.said('');
    } catch (fault) {
      if (!isGone) parts.said(fault.status === 404 ? 'No record of this device has been counted yet.' : `The windows can't be read: ${fault.message}`); // prettier-ignore
    }
    paint();
  };

  const update = (view) => {
    for (const [name, { atMs, value }] of Object.entries(view.readings)) {
      const kept = readings.get(name);
      if (kept === undefined || (kept.at(-1)?.atMs ?? -Infinity) >= atMs) continue;
      kept.push({ atMs, value });
      if (kept.length > mostReadings) kept.shift();
    }
    parts.update(view, now());
    if (metric === null) choose(metrics.find(({ name }) => name in view.readings)?.name);
    paint();
  };

  const timer = setInterval(() => void load(), windowsEveryMs);
  void readDevice(id).then(
    (view) => isGone || update(view),
    (fault) => isGone || parts.said(fault.message),
  );
  return {
    id,
    update,
    redraw: () => metric !== null && redraw(),
    dispose() {
      isGone = true;
      clearInterval(timer);
      chart?.close();
    },
  };
};

const skeleton = (id, metrics, close, choose) => {
  const about = el('p', { class: 'quiet' });
  const said = el('p', { class: 'notice', role: 'status', hidden: true });
  const chart = el('div', { class: 'chart', role: 'img' });
  const body = el('tbody');
  const values = new Map(metrics.map(({ name, unit }) => [name, metricButton(name, unit, choose)]));
  const caption = el('caption', {});
  const titles = ['Start', 'State', 'Count', 'Mean', 'Min', 'Max', 'Last', 'Revision'];
  const head = el(
    'tr',
    {},
    ...titles.map((title, i) => el('th', { scope: 'col', class: i > 1 ? 'number' : null }, title)),
  );
  const leave = el('button', { type: 'button', class: 'leave', click: close }, 'Close');
  return {
    nodes: [
      el('div', { class: 'bar' }, el('h2', { id: 'device-title', tabindex: '-1' }, id), about, leave),
      said,
      el('div', { class: 'metrics', role: 'group', 'aria-label': 'Reading to draw' }, ...[...values.values()].map(({ node }) => node)), // prettier-ignore
      chart,
      el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Newest windows' }, el('table', {}, caption, el('thead', {}, head), body)), // prettier-ignore
    ],
    chart,
    said(text) {
      setText(said, text);
      said.hidden = text === '';
    },
    chosen({ name, unit }) {
      for (const [each, { node }] of values) node.setAttribute('aria-pressed', String(each === name));
      chart.setAttribute('aria-label', `Chart of ${name} of ${id}; the table below has its newest windows`);
      setText(caption, `Newest windows of ${name}${unit === '' ? '' : `, ${unit}`}`);
    },
    update(view, nowMs) {
      setText(about, aboutText(view, nowMs));
      for (const [name, { value, node }] of values) {
        const found = view.readings[name];
        setText(value, reading(found?.value));
        node.disabled = found === undefined;
      }
    },
    rows: (windows) => body.replaceChildren(...windows.slice(-mostRows).reverse().map(windowRow)),
  };
};

const metricButton = (name, unit, choose) => {
  const value = el('span', { class: 'value' }, nothing);
  const node = el(
    'button',
    { type: 'button', 'aria-pressed': 'false', disabled: true, click: () => choose(name) },
    el('span', { class: 'name' }, name),
    value,
    el('span', { class: 'unit' }, ` ${unit}`),
  );
  return { node, value };
};

const aboutText = ({ profile, quality, eventTimeMs }, nowMs) => {
  const { type, status, location, info } = profile;
  const maker = [info?.manufacturer, info?.model, info?.firmware].filter(Boolean).join(' ');
  return [type, status, place(location), maker, `quality ${quality}`, `last event ${time(eventTimeMs)}, ${age(nowMs - eventTimeMs)}`] // prettier-ignore
    .filter((part) => part !== null && part !== '' && part !== nothing)
    .join(' · ');
};

const windowRow = (window) => {
  const numbers = [count(window.count), reading(window.mean), reading(window.min), reading(window.max), reading(window.last), count(window.revision)]; // prettier-ignore
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, time(window.start)),
    el('td', {}, window.isClosed ? 'closed' : 'open'),
    ...numbers.map((text) => el('td', { class: 'number' }, text)),
  );
};
