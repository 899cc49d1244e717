import { read, readDevices } from './api.js';

const everyMs = 10_000;
const mostDevices = 50_000;
const mostAlerts = 1000;

/** Reads devices and alerts anew: `atOnce` after a connection, `soon`, at most every ten seconds, after missed frames. */
export const createReload = (fleet, alerts, done) => {
  let lastMs = -Infinity;
  let timer = null;
  let isRunning = false;
  let isAskedAgain = false;

  const atOnce = () => {
    clearTimeout(timer);
    timer = null;
    if (isRunning) isAskedAgain = true;
    else void run();
  };

  const soon = () => {
    timer ??= setTimeout(atOnce, Math.max(0, lastMs + everyMs - Date.now()));
  };

  const run = async () => {
    isRunning = true;
    lastMs = Date.now();
    fleet.beginReload();
    alerts.beginReload();
    try {
      const [{ devices }, open, cleared] = await Promise.all([
        readDevices(mostDevices),
        read('/alerts', { state: 'open', limit: mostAlerts }),
        read('/alerts', { state: 'cleared', limit: 100 }),
      ]);
      fleet.reload(devices);
      alerts.reload([...open.alerts, ...cleared.alerts]);
      done();
    } catch {
      // The readiness pill says what is wrong; until it is over, what is pushed is shown.
      fleet.abandonReload();
      alerts.abandonReload();
      isAskedAgain = true;
    }
    isRunning = false;
    if (isAskedAgain) soon();
    isAskedAgain = false;
  };
  return { atOnce, soon };
};
