/** Latest values and one-minute windows per device and metric, the way a good hand-written service keeps them: in maps. */
export class Fold {
  #devices = new Map();
  #changed = new Set();

  add({ device, timeMs, values }) {
    let state = this.#devices.get(device);
    if (state === undefined) {
      state = { timeMs: 0, values: {}, windows: {} };
      this.#devices.set(device, state);
    }
    if (timeMs >= state.timeMs) {
      state.timeMs = timeMs;
      state.values = values;
    }
    const start = timeMs - (timeMs % 60_000);
    for (const metric in values) {
      const value = values[metric];
      if (value === undefined) continue;
      let window = state.windows[metric];
      if (window === undefined || window.start !== start) {
        window = { start, count: 0, sum: 0, min: Infinity, max: -Infinity };
        state.windows[metric] = window;
      }
      window.count += 1;
      window.sum += value;
      if (value < window.min) window.min = value;
      if (value > window.max) window.max = value;
    }
    this.#changed.add(device);
  }

  /** `[id, JSON]` of the devices changed since the last call. */
  changed() {
    const entries = [];
    for (const device of this.#changed) entries.push(device, JSON.stringify(this.#devices.get(device)));
    this.#changed.clear();
    return entries;
  }
}
