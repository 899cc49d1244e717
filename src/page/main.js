import { read } from './api.js';
import { createAlertBoard } from './alert-board.js';
import { createAlerts } from './alerts.js';
import { createDevicePanel } from './device-panel.js';
import { createDeeds } from './deeds.js';
import { byId, setText } from './dom.js';
import { createFleet } from './fleet.js';
import { createFleetTable } from './fleet-table.js';
import { goLive } from './live.js';
import { createPipeline } from './pipeline.js';
import { createReload } from './reload.js';

const statusEveryMs = 2000;

/** What the service's clock says: the browser's may be off. */
let clockOffsetMs = 0;
const now = () => Date.now() + clockOffsetMs;

const pill = (id, state, text) => {
  byId(id).dataset.state = state;
  setText(byId(id), text);
};

const pipeline = createPipeline({
  tiles: byId('tiles'),
  partitions: byId('partitions').querySelector('.scroll'),
  totals: byId('totals').querySelector('.scroll'),
});

/** Tells what of the page shows the past: `onChange(isLive)` is called when either the connection or the answers of the service end or are back. */
const createStanding = (onChange) => {
  const standing = { isConnected: false, isAnswered: true };
  return (change) => {
    Object.assign(standing, change);
    onChange(standing.isConnected && standing.isAnswered);
  };
};

const begin = (first) => {
  const { metrics, windows } = first.settings;
  const fleet = createFleet();
  const alerts = createAlerts(now);
  const table = createFleetTable({ box: byId('fleet-table'), count: byId('fleet-count'), search: byId('fleet-search'), fleet, alerts, metrics, now }); // prettier-ignore
  const showAlerts = (changed) => {
    alerts.apply(changed);
    board.refresh();
    table.refresh();
  };
  const { act } = createDeeds({ input: byId('alerts-by'), said: byId('alerts-said'), done: (alert) => showAlerts([alert]) }); // prettier-ignore
  const board = createAlertBoard({ box: byId('alerts-list'), count: byId('alerts-count'), alerts, act, now });
  const stand = createStanding((isLive) => {
    for (const id of ['fleet', 'alerts']) byId(id).classList.toggle('stale', !isLive);
    board.setLive(isLive);
  });
  const close = () => {
    history.pushState(null, '', location.pathname);
    route();
    byId('fleet').focus();
  };
  const panel = createDevicePanel({ section: byId('device'), fleet, metrics, windows, close });

  const route = () => {
    const id = deviceInAddress();
    if (id === null) panel.hide();
    else if (id !== panel.openId()) panel.show(id);
  };

  const reload = createReload(fleet, alerts, () => {
    table.refresh();
    board.refresh();
  });

  const live = goLive({
    onState(state) {
      pill('connection', state, state);
      stand({ isConnected: state === 'live' });
    },
    onHello: reload.atOnce,
    onMissed: reload.soon,
    onDevices(views) {
      fleet.apply(views);
      const opened = panel.openId();
      if (opened !== null && views.some(({ id }) => id === opened)) panel.update(fleet.get(opened));
      table.refresh();
    },
    onAlerts: showAlerts,
  });

  window.addEventListener('hashchange', route);
  window.addEventListener('popstate', route);
  window.addEventListener('resize', table.refresh);
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && panel.openId() !== null) close();
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', panel.recolour);
  setInterval(() => {
    alerts.refresh();
    table.refresh();
    board.refresh();
  }, 1000);
  route();
  const heardOf = ({ frames, settings }) => {
    stand({ isAnswered: true });
    live.heardOf(frames);
    byId('rules-changed').hidden = settings.rules === first.settings.rules;
  };
  return { heardOf, unheard: () => stand({ isAnswered: false }) };
};

const deviceInAddress = () => {
  const found = /^#\/devices\/(.+)$/.exec(location.hash);
  if (found === null) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return null;
  }
};

const readiness = (status) => {
  const words = { ready: 'ready', not_ready: 'not ready', draining: 'stopping' };
  pill('readiness', status.status, words[status.status] ?? status.status);
  const source = status.kind === 'embedded' ? 'embedded log' : `Kafka group ${status.group}`;
  setText(byId('about'), `version ${status.version} · ${source}`);
};

let begun = null;

const poll = async () => {
  try {
    const status = await read('/status');
    clockOffsetMs = status.nowMs - Date.now();
    readiness(status);
    byId('pipeline').classList.remove('stale');
    pipeline.show(status);
    begun ??= begin(status);
    begun.heardOf(status);
  } catch (fault) {
    pill('readiness', 'not_ready', 'no status');
    byId('pipeline').classList.add('stale');
    begun?.unheard();
    setText(byId('about'), `the service does not answer: ${fault.message}`);
  }
  setTimeout(() => void poll(), statusEveryMs);
};

void poll();
