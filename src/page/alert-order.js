/**
 * Lists of alerts as they may be shown while somebody is about to press something: `shown`, what is on view, stays where it is, though it says what is `found`
 * of it now; even what has cleared. What people shelve or unshelve goes to the end of the other list. What is new waits; `waiting` counts those of it that are
 * open.
 */
export const holdOrder = (shown, found) => {
  const latest = new Map();
  for (const [name, alerts] of Object.entries(found)) for (const alert of alerts) latest.set(alert.id, { name, alert });
  const staysIn = (name, id) => [name, 'cleared'].includes(latest.get(id)?.name);

  const seen = new Set(Object.values(shown).flatMap((alerts) => alerts.map(({ id }) => id)));
  const moved = new Set(seen);
  const lists = {};
  for (const [name, alerts] of Object.entries(shown)) {
    lists[name] = alerts.filter(({ id }) => staysIn(name, id)).map(({ id }) => latest.get(id).alert);
    for (const { id } of lists[name]) moved.delete(id);
  }
  for (const [name, alerts] of Object.entries(found)) lists[name].push(...alerts.filter(({ id }) => moved.has(id)));
  return { lists, waiting: found.open.filter(({ id }) => !seen.has(id)).length };
};
