import { el, setAttribute, setText } from './dom.js';
import { edged } from './edges.js';
import { count, nothing, place, reading, time } from './format.js';
import { windowRuleText } from './windows.js';

const mostRows = 12;

/**
 * What is seen of one device, without where it comes from: name, readings to choose from, room for the chart, windows. `choose`: called with the name of a
 * metric, and the id of a window rule.
 */
export const deviceSheet = (id, metrics, close, choose) => {
  const about = el('p', { class: 'quiet' });
  const said = el('p', { class: 'notice', role: 'status', hidden: true });
  const chart = el('div', { class: 'chart', role: 'img' });
  const body = el('tbody');
  const values = new Map(metrics.map(({ name, unit }) => [name, metricButton(name, unit, choose.metric)]));
  const head = el('thead', {}, windowHead([]));
  const rule = el('select', { change: () => choose.rule(rule.value) });
  const rules = el('label', { class: 'rules', hidden: true }, 'Windows ', rule);
  const caption = el('caption', {});
  const leave = el('button', { type: 'button', class: 'leave', click: close }, 'Close');
  return {
    nodes: [
      el('div', { class: 'bar' }, el('h2', { id: 'device-title', tabindex: '-1' }, id), about, leave),
      said,
      el('div', { class: 'metrics', role: 'group', 'aria-label': 'Reading to draw' }, ...[...values.values()].map(({ node }) => node)), // prettier-ignore
      rules,
      chart,
      edged(el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Newest windows' }, el('table', {}, caption, head, body))), // prettier-ignore
    ],
    chart,
    said(text) {
      setText(said, text);
      said.hidden = text === '';
    },
    /** `possible`: window rules that gather the metric; `ruleId`: the one that is shown. */
    chosen({ name, unit }, possible, ruleId) {
      rules.hidden = possible.length < 2;
      rule.replaceChildren(...possible.map((each) => el('option', { value: each.id, selected: each.id === ruleId }, windowRuleText(each)))); // prettier-ignore
      for (const [each, { node }] of values) node.setAttribute('aria-pressed', String(each === name));
      chart.setAttribute('aria-label', `Chart of ${name} of ${id}; the table below has its newest windows`);
      const none = possible.length === 0 ? '; no rule gathers any' : '';
      setText(caption, `Newest windows of ${name}${unit === '' ? '' : `, ${unit}`}${none}`);
    },
    update(view) {
      setText(about, aboutText(view));
      for (const [name, { value, node }] of values) {
        const found = view.readings[name];
        setText(value, reading(found?.value));
        setAttribute(node, 'data-flags', view.flags[name]?.join(', ') ?? null);
        node.disabled = found === undefined;
      }
    },
    rows(windows) {
      const shown = windows.slice(-mostRows).reverse();
      const more = [...new Set(shown.flatMap((each) => Object.keys(each.more)))];
      head.replaceChildren(windowHead(more));
      body.replaceChildren(...shown.map((each) => windowRow(each, more)));
    },
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

const aboutText = ({ profile, quality, flags, eventTimeMs }) => {
  const { type, status, location, info } = profile;
  const maker = [info?.manufacturer, info?.model, info?.firmware].filter(Boolean).join(' ');
  const broken = flags['*']?.length > 0 ? `breaks ${flags['*'].join(', ')}` : null;
  return [type, status, place(location), maker, `quality ${quality}`, broken, `last event ${time(eventTimeMs)}`] // prettier-ignore
    .filter((part) => part !== null && part !== '' && part !== nothing)
    .join(' · ');
};

/** `more`: names of statistics that the rule asks for beside the usual ones. */
const windowHead = (more) => {
  const titles = ['Start', 'State', 'Count', 'Mean', 'Min', 'Max', 'Last', 'Revision', ...more];
  const cells = titles.map((title, i) => el('th', { scope: 'col', class: i > 1 ? 'number' : null }, title));
  return el('tr', {}, ...cells);
};

const windowRow = (window, more) => {
  const usual = [count(window.count), reading(window.mean), reading(window.min), reading(window.max), reading(window.last), count(window.revision)]; // prettier-ignore
  const numbers = [...usual, ...more.map((name) => reading(window.more[name]))];
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, time(window.start)),
    el('td', {}, window.isCut ? 'cut short' : window.isClosed ? 'closed' : 'open'),
    ...numbers.map((text) => el('td', { class: 'number' }, text)),
  );
};
