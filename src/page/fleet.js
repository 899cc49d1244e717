import { place } from './format.js';

/** The devices as last heard of. */
export const createFleet = () => {
  let devices = new Map();
  /** Heard of while everything is being read anew; what was read may be older. */
  let since = null;

  const apply = (views) => {
    for (const view of views) {
      devices.set(view.id, newest(devices.get(view.id), view));
      since?.push(view);
    }
  };

  return {
    apply,
    get: (id) => devices.get(id),
    get size() {
      return devices.size;
    },
    /** Between `beginReload` and `reload`, what is pushed is kept aside too. */
    beginReload() {
      since = [];
    },
    /** Replaces everything, so that devices whose versions went back in the store are shown as they are there. */
    reload(views) {
      devices = new Map(views.map((view) => [view.id, view]));
      const meanwhile = since ?? [];
      since = null;
      apply(meanwhile);
    },
    abandonReload() {
      since = null;
    },
    /** In the order asked for, absent values last; `words` must all occur in id, type or place. */
    list({ search, key, isDescending, alertRank }) {
      const words = search.toLowerCase().split(/\s+/).filter(Boolean);
      const found = [...devices.values()].filter((view) => words.every((word) => textOf(view).includes(word)));
      const valueOf = values[key] ?? ((view) => view.readings[key]?.value);
      const keyed = found.map((view) => ({ view, value: key === 'alert' ? alertRank(view.id) : valueOf(view) }));
      const sign = isDescending ? -1 : 1;
      keyed.sort((a, b) => compared(a.value, b.value, sign) || compared(a.view.id, b.view.id, 1));
      return keyed.map(({ view }) => view);
    },
  };
};

const values = {
  id: (view) => view.id,
  type: (view) => view.profile.type ?? undefined,
  place: (view) => (view.profile.location === null ? undefined : place(view.profile.location)),
  quality: (view) => view.quality,
  seen: (view) => view.eventTimeMs,
};

const compared = (a, b, sign) => {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return a < b ? -sign : a > b ? sign : 0;
};

const texts = new WeakMap();

const textOf = (view) => {
  let text = texts.get(view);
  if (text === undefined) {
    text = `${view.id}\n${view.profile.type ?? ''}\n${place(view.profile.location)}`.toLowerCase();
    texts.set(view, text);
  }
  return text;
};

/**
 * The later of two views of one device: a view older in all its versions loses; one that knows fewer partitions is merged,
 * the newer reading per metric.
 */
const newest = (held, view) => {
  if (held === undefined) return view;
  const versions = Object.entries(view.versions);
  if (versions.every(([partition, version]) => version < (held.versions[partition] ?? -1))) return held;
  if (Object.keys(held.versions).every((partition) => partition in view.versions)) return view;
  const readings = { ...held.readings };
  for (const [metric, reading] of Object.entries(view.readings)) {
    if (reading.atMs >= (readings[metric]?.atMs ?? -Infinity)) readings[metric] = reading;
  }
  const newer = view.eventTimeMs >= held.eventTimeMs ? view : held;
  return { ...newer, readings, versions: { ...held.versions, ...view.versions } };
};
