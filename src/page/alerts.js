const ranks = { info: 1, warning: 2, error: 3, critical: 4 };
const mostCleared = 200;

/** Alerts as last heard of, by id: of what the stream says the higher version wins, and of what people did the higher version of that. */
export const createAlerts = (now) => {
  const alerts = new Map();
  let worst = new Map();
  let since = null;

  const apply = (changed) => {
    for (const alert of changed) {
      alerts.set(alert.id, newer(alerts.get(alert.id), alert));
      since?.add(alert.id);
    }
    const cleared = list().cleared;
    for (const { id } of cleared.slice(mostCleared)) alerts.delete(id);
    refresh();
  };

  /** In lists, newest first. `folded`: open ones that are kept from view, for a while or as one of too many. */
  const list = () => {
    const lists = { open: [], folded: [], cleared: [] };
    for (const alert of alerts.values()) {
      const why = whyFolded(alert, now());
      if (alert.state !== 'cleared') lists[why === null ? 'open' : 'folded'].push(alert);
      else if (!alert.isMuted && alert.flood === null) lists.cleared.push(alert);
    }
    for (const found of Object.values(lists)) found.sort((a, b) => changedAt(b) - changedAt(a));
    return lists;
  };

  /** Shelving ends by itself, so the worst of a device changes with time alone. */
  const refresh = () => {
    worst = worstByDevice(list().open);
  };

  return {
    apply,
    list,
    refresh,
    /** Between `beginReload` and `reload`, what is pushed may be newer than what is read. */
    beginReload() {
      since = new Set();
    },
    /** Takes what was read. Open alerts that are not there any more go, but those that were pushed since. */
    reload(all) {
      const kept = new Set([...all.map(({ id }) => id), ...(since ?? [])]);
      since = null;
      for (const [id, alert] of alerts) if (alert.state !== 'cleared' && !kept.has(id)) alerts.delete(id);
      apply(all);
    },
    abandonReload() {
      since = null;
    },
    /** Severity of the worst open alert of a device, or null. */
    worst: (device) => worst.get(device) ?? null,
    /** For sorting: the worst first. */
    rank: (device) => (worst.has(device) ? -ranks[worst.get(device)] : undefined),
  };
};

export const changedAt = (alert) => alert.clearedAtMs ?? alert.raisedAtMs;

export const isShelved = ({ care }, nowMs) => (care?.shelved?.untilMs ?? -Infinity) > nowMs;

/** Why an alert is kept from view: `shelved`, `muted` or `flooded`; null when it is not. */
export const whyFolded = (alert, nowMs) => {
  if (isShelved(alert, nowMs)) return 'shelved';
  if (alert.isMuted) return 'muted';
  return alert.flood === null ? null : 'flooded';
};

/** What is pushed by the stream comes without care. */
const newer = (held, alert) => {
  if (held === undefined) return alert;
  const { care = held.care } = alert;
  const isCareNewer = held.care === undefined || (care?.version ?? -1) >= held.care.version;
  return { ...(alert.version >= held.version ? alert : held), care: isCareNewer ? care : held.care };
};

const worstByDevice = (open) => {
  const found = new Map();
  for (const { device, severity } of open) {
    if ((ranks[severity] ?? 0) > (ranks[found.get(device)] ?? 0)) found.set(device, severity);
  }
  return found;
};
