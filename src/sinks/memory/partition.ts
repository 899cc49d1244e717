import type { Alert } from '../../../streams/model/alert.js';
import type { Offset } from '../../../streams/model/units.js';
import type { ToldWindow } from '../../../streams/model/window.js';
import type { Acquired, Checkpoint, CommitResult, Held } from '../../ports.js';
import { windowText } from '../../results/stored-texts.js';
import { byId } from '../../results/by-id.js';
import type { WindowBounds, WindowKind } from '../../results/stored-results.js';

export interface Kept {
  readonly keepWindows: number;
  readonly keepAlerts: number;
}

interface ClosedWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

interface KeptAlert {
  readonly version: number;
  readonly clearedOffset: number | null;
  readonly text: string;
}

/** One partition's state and results, as texts: what is read back went through JSON, as with any other store. */
export class MemoryPartition {
  #epoch = 0;
  #next: Offset | null = null;
  #own: string | null = null;
  readonly #devices = new Map<string, string>();
  /** In order of id; null after a newcomer. */
  #ids: readonly string[] | null = null;
  /** By metric and device; in order of start. */
  readonly #windows = new Map<string, ClosedWindow[]>();
  readonly #alerts = new Map<string, KeptAlert>();
  /** Ids of cleared alerts, the longest cleared first. */
  #cleared: string[] = [];
  /** What people did to alerts, by alert id. */
  readonly #care = new Map<string, string>();

  constructor(readonly kept: Kept) {}

  acquire(held: Held | null): Acquired {
    const isHeld = held !== null && held.epoch === this.#epoch && held.next === this.#next;
    this.#epoch += 1;
    const state = isHeld ? null : { partition: this.#own, devices: [...this.#devices] };
    return { epoch: this.#epoch, next: this.#next, state };
  }

  commit({ epoch, expected, next, state, windows, alerts }: Checkpoint): CommitResult {
    if (epoch < this.#epoch) return { _tag: 'fenced' };
    if (epoch > this.#epoch) return { _tag: 'rolled_back', found: this.#next };
    if (this.#next !== expected) {
      return this.#next === next ? { _tag: 'applied' } : { _tag: 'rolled_back', found: this.#next };
    }
    const known = this.#devices.size;
    for (const [id, text] of state.devices) this.#devices.set(id, text);
    if (this.#devices.size > known) this.#ids = null;
    for (const window of windows) this.#keepWindow(window);
    for (const alert of alerts) this.#keepAlert(alert);
    this.#own = state.partition;
    this.#next = next;
    return { _tag: 'applied' };
  }

  get own(): string | null {
    return this.#own;
  }

  alerts(): readonly string[] {
    return Array.from(this.#alerts.values(), ({ text }) => text);
  }

  alert(id: string): string | null {
    return this.#alerts.get(id)?.text ?? null;
  }

  care(id: string): string | null {
    return this.#care.get(id) ?? null;
  }

  cares(): ReadonlyMap<string, string> {
    return this.#care;
  }

  writeCare(id: string, expected: string | null, care: string): 'written' | 'changed' | 'unknown' {
    if (!this.#alerts.has(id)) return 'unknown';
    if (this.care(id) !== expected) return 'changed';
    for (const other of this.#care.keys()) if (!this.#alerts.has(other)) this.#care.delete(other);
    this.#care.set(id, care);
    return 'written';
  }

  ids(after: string | null, limit: number): readonly string[] {
    const ids = (this.#ids ??= [...this.#devices.keys()].sort(byId));
    const from = after === null ? 0 : ids.findIndex((id) => byId(id, after) > 0);
    return from < 0 ? [] : ids.slice(from, from + limit);
  }

  device(id: string): string | null {
    return this.#devices.get(id) ?? null;
  }

  closedWindows(kind: WindowKind, device: string, { fromMs, toMs, limit }: WindowBounds): readonly string[] {
    return (this.#windows.get(windowKey(kind, device)) ?? [])
      .filter(({ startMs }) => startMs >= (fromMs ?? -Infinity) && startMs < (toMs ?? Infinity))
      .slice(-limit)
      .map(({ text }) => text);
  }

  #keepWindow(window: ToldWindow): void {
    const key = windowKey(window, window.device);
    const windows = this.#windows.get(key) ?? [];
    this.#windows.set(key, windows);
    const { startMs, endMs } = window;
    const isBehind = (one: ClosedWindow): boolean =>
      one.startMs > startMs || (one.startMs === startMs && one.endMs >= endMs);
    // Nearly always the newest.
    const at = windows.findLastIndex((one) => !isBehind(one)) + 1;
    const replaced = windows[at]?.startMs === startMs && windows[at].endMs === endMs ? 1 : 0;
    windows.splice(at, replaced, { startMs, endMs, text: windowText(window) });
    if (windows.length > this.kept.keepWindows) windows.splice(0, windows.length - this.kept.keepWindows);
  }

  #keepAlert(alert: Alert): void {
    const known = this.#alerts.get(alert.id);
    if (known !== undefined && known.version > alert.version) return;
    const { version, clearedOffset } = alert;
    this.#alerts.set(alert.id, { version, clearedOffset, text: JSON.stringify(alert) });
    if (clearedOffset === null || (known?.clearedOffset ?? null) !== null) return;
    this.#cleared.push(alert.id);
    if (this.#cleared.length <= this.kept.keepAlerts) return;
    const surplus = this.#cleared.length - this.kept.keepAlerts;
    this.#cleared.sort((a, b) => this.#clearedOffset(a) - this.#clearedOffset(b));
    for (const id of this.#cleared.splice(0, surplus)) this.#alerts.delete(id);
  }

  #clearedOffset(id: string): number {
    return this.#alerts.get(id)?.clearedOffset ?? 0;
  }
}

/** Neither names of rules and metrics nor ids of devices hold a space. */
const windowKey = ({ rule, metric }: WindowKind, device: string): string => `${rule} ${metric} ${device}`;
