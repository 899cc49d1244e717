const ranks = { info: 1, warning: 2, error: 3, critical: 4 };
const mostCleared = 200;

/** Alerts as last heard of, by id; a higher version wins. */
export const createAlerts = () => {
  const alerts = new Map();
  let worst = new Map();

  const apply = (changed) => {
    for (const alert of changed) {
      if ((alerts.get(alert.id)?.version ?? 0) <= alert.version) alerts.set(alert.id, alert);
    }
    const cleared = list('cleared');
    for (const { id } of cleared.slice(mostCleared)) alerts.delete(id);
    worst = worstByDevice(alerts.values());
  };

  /** Newest first. */
  const list = (state) =>
    [...alerts.values()].filter((alert) => alert.state === state).sort((a, b) => changedAt(b) - changedAt(a));

  return {
    apply,
    list,
    /** Replaces everything that is not newer. */
    reload(all) {
      const read = new Set(all.map(({ id }) => id));
      for (const [id, alert] of alerts) if (alert.state === 'active' && !read.has(id)) alerts.delete(id);
      apply(all);
    },
    /** Severity of the worst active alert of a device, or null. */
    worst: (device) => worst.get(device) ?? null,
    /** For sorting: the worst first. */
    rank: (device) => (worst.has(device) ? -ranks[worst.get(device)] : undefined),
  };
};

export const changedAt = (alert) => alert.clearedAtMs ?? alert.raisedAtMs;

const worstByDevice = (alerts) => {
  const found = new Map();
  for (const { device, severity, state } of alerts) {
    if (state !== 'active') continue;
    if ((ranks[severity] ?? 0) > (ranks[found.get(device)] ?? 0)) found.set(device, severity);
  }
  return found;
};
