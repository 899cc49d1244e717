/** The page that `weir detect --html` writes: a recorded series, the band of one detector, its findings, and all detectors side by side. */
const { uPlot } = window;
const data = JSON.parse(document.getElementById('data').textContent);
const page = document.getElementById('page');
const shown = { detector: data.chosen, threshold: data.threshold };
const most = 500;

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Neighbouring readings at or above the threshold, as one finding each. */
const findingsOf = ({ scores }) => {
  const found = [];
  let open = null;
  scores.forEach((score, i) => {
    if (score < shown.threshold) open = null;
    else if (open === null) found.push((open = { from: i, to: i, worst: i }));
    else {
      open.to = i;
      if (score > scores[open.worst]) open.worst = i;
    }
  });
  return found;
};

const colour = (name) => window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const axis = () => ({ stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 } });
const width = () => Math.max(280, page.clientWidth - 34);
const cursor = { sync: { key: 'recorded' } };

const seriesChart = (box, { low, high, scores }) =>
  new uPlot(
    {
      width: width(),
      height: 320,
      cursor,
      axes: [axis(), { ...axis(), size: 70 }],
      series: [
        { label: 'time' },
        { label: 'value', stroke: colour('--accent'), width: 1 },
        { label: 'expected from', stroke: colour('--band'), width: 1, points: { show: false } },
        { label: 'to', stroke: colour('--band'), width: 1, points: { show: false } },
        { label: 'finding', stroke: colour('--bad'), paths: () => null, points: { show: true, size: 8, fill: colour('--bad') } },
      ], // prettier-ignore
      bands: [{ series: [3, 2], fill: colour('--band') }],
      scales: { y: { range: (_, least, greatest) => rangeOf(least, greatest) } },
    },
    [
      data.seconds,
      data.values,
      low,
      high,
      data.values.map((value, i) => (scores[i] >= shown.threshold ? value : null)),
    ],
    box,
  );

/** By the values alone, with air: a band far wider than they are would make a line of them. */
const rangeOf = (least, greatest) => {
  const known = data.values.filter((value) => value !== null);
  const from = known.reduce((kept, value) => Math.min(kept, value), Infinity);
  const to = known.reduce((kept, value) => Math.max(kept, value), -Infinity);
  if (from > to) return [0, 1];
  const air = (to - from || Math.abs(to) || 1) * 0.3;
  return [Math.max(least ?? -Infinity, from - air) - air / 10, Math.min(greatest ?? Infinity, to + air) + air / 10];
};

const scoreChart = (box, { scores }) =>
  new uPlot(
    {
      width: width(),
      height: 160,
      cursor,
      axes: [axis(), { ...axis(), size: 70 }],
      scales: { y: { range: [0, 1] } },
      series: [
        { label: 'time' },
        { label: 'score', stroke: colour('--accent'), width: 1 },
        { label: 'threshold', stroke: colour('--bad'), width: 1, dash: [6, 4], points: { show: false } },
      ],
    },
    [data.seconds, scores, scores.map(() => shown.threshold)],
    box,
  );

const cells = (texts) => texts.map((text) => element('td', { className: 'number', textContent: text }));

const comparison = () =>
  element(
    'table',
    {},
    element('tr', {}, ...['detector', 'finds', 'findings', 'readings', 'highest score'].map((textContent) => element('th', { textContent }))),
    ...data.detectors.map((detector) => {
      const choose = element('button', {
        textContent: detector.name,
        ariaPressed: String(detector.name === shown.detector),
        onclick: () => show({ detector: detector.name }),
      });
      const above = detector.scores.filter((score) => score >= shown.threshold).length;
      const highest = detector.scores.reduce((kept, score) => Math.max(kept, score), 0);
      return element(
        'tr',
        {},
        element('td', {}, choose),
        element('td', { className: 'quiet', textContent: detector.finds }),
        ...cells([findingsOf(detector).length, above, highest.toFixed(3)]),
      );
    }),
  ); // prettier-ignore

const findingsTable = (detector) => {
  const found = findingsOf(detector);
  const band = (i) => (detector.low[i] === null ? '–' : `${detector.low[i]} to ${detector.high[i]}`);
  return [
    element(
      'table',
      {},
      element('tr', {}, ...['from', 'to', 'worst value', 'expected', 'score'].map((textContent) => element('th', { textContent }))),
      ...found.slice(0, most).map(({ from, to, worst }) =>
        element(
          'tr',
          {},
          element('td', { textContent: data.timestamps[from] }),
          element('td', { textContent: data.timestamps[to] }),
          ...cells([data.values[worst], band(worst), detector.scores[worst].toFixed(3)]),
        ),
      ),
    ),
    element('p', { textContent: found.length > most ? `and ${found.length - most} more` : '' }),
  ]; // prettier-ignore
};

const section = (title, ...children) => element('section', {}, element('h2', { textContent: title }), ...children);

const show = (changes) => {
  Object.assign(shown, changes);
  const detector = data.detectors.find(({ name }) => name === shown.detector);
  const [series, scores] = [element('div', {}), element('div', {})];
  const threshold = element('input', {
    type: 'range',
    min: 0.01,
    max: 1,
    step: 0.01,
    value: shown.threshold,
    onchange: ({ target }) => show({ threshold: Number(target.value) }),
  });
  page.replaceChildren(
    element('h1', { textContent: data.title }),
    element('label', {}, `threshold ${shown.threshold}`, threshold),
    section(`Readings, and what ${detector.name} expected`, series),
    section('Score', scores),
    section('Detectors compared', comparison()),
    section(`Findings of ${detector.name}`, ...findingsTable(detector)),
  );
  seriesChart(series, detector);
  scoreChart(scores, detector);
};

show({});
