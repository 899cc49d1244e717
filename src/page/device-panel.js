import { readDevice, readWindows } from './api.js';
import { createChart } from './chart.js';
import { chartData } from './chart-data.js';
import { deviceSheet } from './device-sheet.js';
import { onNextFrame } from './dom.js';
import { windowRulesOf } from './windows.js';

const windowsEveryMs = 5000;
const mostReadings = 2000;

/** One device: what it is, its readings, and the chart of one of them. `close` is called when somebody leaves. */
export const createDevicePanel = ({ section, fleet, metrics, windows, close }) => {
  let open = null;

  const show = (id) => {
    hide();
    const view = fleet.get(id);
    open = openDevice({ section, id, metrics, rules: windows, close });
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

const openDevice = ({ section, id, metrics, rules, close }) => {
  const parts = deviceSheet(id, metrics, close, { metric: (name) => choose(name), rule: (name) => chooseRule(name) });
  section.replaceChildren(...parts.nodes);
  const readings = new Map(metrics.map(({ name }) => [name, []]));
  let metric = null;
  /** Id of the rule whose windows are shown; null when none gathers the metric. */
  let rule = null;
  let chart = null;
  let windows = [];
  let isGone = false;

  const paint = onNextFrame(() => {
    if (isGone || chart === null) return;
    chart.show(chartData(windows, readings.get(metric.name)));
  });

  const show = (found) => {
    windows = found;
    parts.rows(windows);
    paint();
  };

  const redraw = () => {
    chart?.close();
    chart = createChart(parts.chart, metric);
    paint();
  };

  const choose = (name) => {
    const found = metrics.find((each) => each.name === name);
    if (found === undefined) return;
    metric = found;
    const possible = windowRulesOf(rules, name);
    rule = possible.find(({ id: known }) => known === rule)?.id ?? possible[0]?.id ?? null;
    show([]);
    parts.chosen(metric, possible, rule);
    redraw();
    void load();
  };

  const chooseRule = (name) => {
    rule = name;
    show([]);
    void load();
  };

  const load = async () => {
    if (metric === null || rule === null || document.hidden) return;
    const asked = { metric: metric.name, rule };
    try {
      const found = await readWindows(id, { ...asked, limit: 1000 });
      if (asked.metric !== metric.name || asked.rule !== rule || isGone) return;
      show(found.windows);
      parts.said('');
    } catch (fault) {
      if (!isGone) parts.said(fault.status === 404 ? 'No record of this device has been counted yet.' : `The windows can't be read: ${fault.message}`); // prettier-ignore
    }
  };

  const update = (view) => {
    for (const [name, { atMs, value }] of Object.entries(view.readings)) {
      const kept = readings.get(name);
      if (kept === undefined || (kept.at(-1)?.atMs ?? -Infinity) >= atMs) continue;
      kept.push({ atMs, value });
      if (kept.length > mostReadings) kept.shift();
    }
    parts.update(view);
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
