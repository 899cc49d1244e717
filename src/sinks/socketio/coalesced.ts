import type { DeviceView, LateView } from '../../ports.js';

/** Gathers device views between frames. */
export interface Coalesced {
  add(views: readonly (DeviceView | LateView)[]): void;
  /** Forgets what is gathered and sends nothing more until something is added again. */
  drop(): void;
}

/** Most devices in one frame: some 500 KB, a quarter of a second's work for a browser. What has waited longest goes first. */
const mostPerFrame = 1_000;

/**
 * Gathers the newest view of each device and emits them as one frame, at most one per `intervalMs`. The first change after a
 * quiet spell leaves at once. Of more devices than a frame takes the rest comes with the next ones, in its newest state by then.
 * A view that is not made yet is made for its frame.
 * Memory: one view per device changed since it was last in a frame.
 */
export const coalesced = (intervalMs: number, emit: (views: readonly DeviceView[]) => void): Coalesced => {
  const pending = new Map<string, DeviceView | LateView>();
  let timer: NodeJS.Timeout | null = null;
  let lastFrameMs = -Infinity;

  const flush = (): void => {
    timer = null;
    const views: DeviceView[] = [];
    for (const [id, view] of pending) {
      if (views.length >= mostPerFrame) break;
      views.push(made(view));
      pending.delete(id);
    }
    lastFrameMs = performance.now();
    emit(views);
    schedule();
  };

  const schedule = (): void => {
    if (pending.size === 0 || timer !== null) return;
    timer = setTimeout(flush, Math.max(0, lastFrameMs + intervalMs - performance.now()));
  };

  return {
    add(views) {
      for (const view of views) pending.set(view.id, later(pending.get(view.id), view));
      schedule();
    },
    drop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      pending.clear();
    },
  };
};

const made = (view: DeviceView | LateView): DeviceView => ('view' in view ? view.view() : view);

/** Of one source the later holds, and neither need be made to see which that is. */
const later = (held: DeviceView | LateView | undefined, next: DeviceView | LateView): DeviceView | LateView => {
  if (held === undefined) return next;
  if ('view' in held && 'view' in next && held.source === next.source) return next.offset < held.offset ? held : next;
  return mergedView(made(held), made(next));
};

/**
 * The later of two views of one device. Views made by different partitions know only their own version, so these are merged:
 * per metric the newer reading, the profile of the newer event, every version. A view that is older in all its versions loses.
 */
export const mergedView = (held: DeviceView | undefined, next: DeviceView): DeviceView => {
  if (held === undefined) return next;
  const partitions = Object.entries(next.versions);
  if (partitions.every(([partition, version]) => version < (held.versions[partition] ?? -1))) return held;
  if (Object.keys(held.versions).every((partition) => partition in next.versions)) return next;
  const readings = { ...held.readings };
  for (const [metric, reading] of Object.entries(next.readings)) {
    if (reading.atMs >= (readings[metric]?.atMs ?? -Infinity)) readings[metric] = reading;
  }
  const newer = next.eventTimeMs >= held.eventTimeMs ? next : held;
  return { ...newer, readings, versions: { ...held.versions, ...next.versions } };
};
