import type { RawRecord } from '../model/raw-record.js';
import type { Device, Profile } from '../model/device.js';
import { Telemetry, type WireFormat } from '../model/telemetry.js';
import { KeptRows } from '../codecs/layouts/kept-rows.js';
import type { Layout, Place } from '../codecs/layouts/layout.js';
import { hashOfTextAt } from '../codecs/layouts/passing.js';
import { compileRepeat, compileWay, type Found, type Repeat, type Way } from '../codecs/layouts/repeat-code.js';
import { type Changing, repeatSteps, rowOf, type Step, stepsTo } from '../codecs/layouts/repeat-steps.js';
import { absent, type Scalars } from '../codecs/layouts/scalars.js';
import type { TimeBytes } from '../codecs/time-bytes.js';
import type { PartitionState } from '../state/partition-state.js';
import type { LayoutParts, Steady } from './layout-parts.js';
import { sayTheSame } from './profile.js';

/** Ways to the id that are tried, those of use first: one or two in most fleets. */
const mostWays = 8;

/** A device in one layout, and what its records said of what seldom changes. */
interface Owner extends Steady {
  device: Device;
  readonly repeat: Repeat;
  readonly format: WireFormat;
}

/** How records of a layout are compared with the one before. */
export interface Repetition {
  readonly steps: readonly Step[];
  readonly id: number;
  readonly way: Way;
  readonly repeat: Repeat;
  readonly format: WireFormat;
}

/**
 * Reads records that say of their device what one before said: all but times and readings is then compared as it is, without looking at
 * what it says. `undefined` for whatever else, and for what is not certain.
 *
 * Remembers nothing that a result depends on. Memory: see `KeptRows`, and the buffer of the last record.
 */
export class Repeats {
  readonly #rows = new KeptRows<Owner>();
  readonly #ways: Way[] = [];
  readonly #found: Found;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(
    times: TimeBytes,
    readonly metrics: number,
    readonly state: PartitionState,
  ) {
    this.#found = { times, timeMs: 0, messageId: null };
  }

  read({ bytes, valueStart, valueEnd }: RawRecord): Telemetry | undefined {
    if (bytes !== this.#bytes) this.#open(bytes);
    const view = this.#view;
    const rows = this.#rows;
    for (let i = 0; i < this.#ways.length; i += 1) {
      const id = this.#ways[i]?.(bytes, view, valueStart, valueEnd) ?? -1;
      if (id < 0) continue;
      const hash = hashOfTextAt(view, id, valueEnd);
      const first = rows.first(hash);
      for (let slot = first; slot >= 0; slot = rows.next(slot, hash)) {
        const owner = rows.owner(slot);
        if (owner === undefined) continue;
        // Asked for before it is needed: it has mostly left the cache, and comes while the record is read.
        const { isTouched } = owner.device;
        const readings = owner.repeat(bytes, view, valueStart, valueEnd, rows.numbers, rows.row(slot), this.#found);
        if (readings === undefined) continue;
        if (slot !== first) rows.swap(first, slot);
        if (i > 0) this.#prefer(i);
        // A handle that nothing has touched since the last snapshot may be forgotten by now: only the state can tell.
        if (!isTouched) owner.device = this.state.device(owner.device.id);
        return this.#telemetry(owner, readings);
      }
    }
    return undefined;
  }

  /** How records of a layout are compared; null where that can't be done. */
  of(layout: Layout, parts: LayoutParts, changing: (place: Place) => Changing | null): Repetition | null {
    const { id, time, messageId, places, format, isOneNeeded } = parts;
    const isClear = id !== absent && !places.some(({ slot }) => slot === id || slot === time || slot === messageId);
    const steps = isClear ? repeatSteps(layout, changing) : null;
    if (steps === null) return null;
    const way = compileWay(stepsTo(layout, id));
    const repeat = compileRepeat(steps, { places, count: this.metrics, isOneNeeded });
    return way === null || repeat === null ? null : { steps, id, way, repeat, format };
  }

  /** Of the record that was read last, and what it says. Gives the profile to go on with: that of another layout or time of the device, where it is the same. */
  keep(scalars: Scalars, { steps, id, way, repeat, format }: Repetition, device: Device, says: Steady): Profile {
    if (!this.#ways.includes(way)) {
      if (this.#ways.length >= mostWays) this.#ways.pop();
      this.#ways.push(way);
    }
    const { units, quality } = says;
    const hash = hashOfTextAt(scalars.view, (scalars.starts[id] ?? 0) + 1, scalars.ends[id] ?? 0);
    const profile = this.#shared(hash, device, says.profile);
    this.#rows.add(hash, rowOf(steps, scalars), { device, repeat, profile, units, quality, format });
    return profile;
  }

  /** Records of several layouts that take turns must not take turns in profiles that say the same: rules are asked anew of each. */
  #shared(hash: number, device: Device, profile: Profile): Profile {
    for (let slot = this.#rows.first(hash); slot >= 0; slot = this.#rows.next(slot, hash)) {
      const owner = this.#rows.owner(slot);
      if (owner?.device.id === device.id && sayTheSame(owner.profile, profile)) return owner.profile;
    }
    return profile;
  }

  #telemetry({ device, units, quality, profile, format }: Owner, readings: number[]): Telemetry {
    const { timeMs, messageId } = this.#found;
    return new Telemetry(device, timeMs, readings, units, quality, profile, format === 'envelope' ? messageId : null, format); // prettier-ignore
  }

  #prefer(way: number): void {
    const [moved] = this.#ways.splice(way, 1);
    if (moved !== undefined) this.#ways.splice(way - 1, 0, moved);
  }

  #open(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
