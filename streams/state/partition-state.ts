import { isLeft, map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import { Device } from '../model/device.js';
import type { TopicPartition } from '../model/units.js';

/** One named piece of what an operator remembers: how it begins, and how it is written as JSON. */
export interface Memory<S> {
  /** Unique among the operators of a pipeline; the name of its member in the stored JSON. Never rename one that is in use. */
  readonly name: string;
  readonly create: () => S;
  /**
   * Gives plain JSON, or a `JsonText` where the text is there already; undefined for what need not be stored, because it is as it was
   * created. NaN and Infinity are not JSON.
   */
  readonly encode: (remembered: S) => unknown;
  /** Gives back what was encoded. */
  readonly decode: t.Decode<unknown, S>;
}

/** A value that is JSON text already. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** A memory from the codec of its stored form, and the way there and back. */
export const memory = <S, Stored>(of: {
  readonly name: string;
  readonly create: () => S;
  readonly stored: t.Type<Stored>;
  readonly store: (remembered: S) => Stored;
  readonly restore: (stored: Stored) => S;
}): Memory<S> => ({
  name: of.name,
  create: of.create,
  encode: of.store,
  decode: (value) => mapRight(of.restore)(of.stored.decode(value)),
});

/** State as it lies in the store: JSON texts. */
export interface StoredState {
  readonly partition: string | null;
  readonly devices: Iterable<readonly [id: string, text: string]>;
}

/** What changed since the last snapshot: the partition's own part and the touched devices. Written together with the offset. */
export interface StateSnapshot {
  readonly partition: string;
  readonly devices: readonly (readonly [id: string, text: string])[];
}

/** Stored state that no codec accepts: another version wrote it, or somebody edited it. */
export class CorruptState extends Error {
  override readonly name = 'CorruptState';
}

/**
 * Everything the operators of one partition remember, and nothing else: what is not in here does not survive a restart.
 * Not shared between partitions. Memory: one `Device` per device ever folded in this partition.
 */
export class PartitionState {
  readonly #devices = new Map<string, Device>();
  readonly #memories: Memory<unknown>[] = [];
  /** The partition's own memories hang on a handle of their own, reached like a device's. */
  readonly #own = new Device('');
  readonly #ownMemories: Memory<unknown>[] = [];
  #touched: Device[] = [];
  #newcomers: Device[] = [];
  /** Members of the stored JSON that no memory has claimed so far; written back as they were. */
  readonly #unclaimed = new Map<Device, Record<string, unknown>>();

  private constructor(readonly source: TopicPartition) {}

  static empty(source: TopicPartition): PartitionState {
    return new PartitionState(source);
  }

  /** Errors: throws `CorruptState` when a text is no JSON object. Members are decoded as operators claim them. */
  static restore(source: TopicPartition, stored: StoredState): PartitionState {
    const state = new PartitionState(source);
    if (stored.partition !== null) state.#unclaimed.set(state.#own, members(stored.partition, source, 'the partition'));
    for (const [id, text] of stored.devices) {
      const device = new Device(id);
      state.#devices.set(id, device);
      state.#unclaimed.set(device, members(text, source, `device ${id}`));
    }
    return state;
  }

  /** The handle of a device, made on first sight. A newcomer that nothing touches until the next snapshot is forgotten again. */
  device(id: string): Device {
    const known = this.#devices.get(id);
    if (known !== undefined) return known;
    const device = new Device(id);
    for (const memory of this.#memories) device.slots.push(memory.create());
    this.#devices.set(id, device);
    this.#newcomers.push(device);
    return device;
  }

  /** Every device known, in no order that means anything. */
  devices(): Iterable<Device> {
    return this.#devices.values();
  }

  /**
   * Claims a memory per device and returns its accessor. Claiming the same name again gives the same slot.
   * Errors: throws `CorruptState` when a stored member does not decode.
   */
  ofDevice<S>(memory: Memory<S>): (device: Device) => S {
    const index = this.#claim(this.#memories, memory, this.#devices.values());
    return (device) => device.slots[index] as S;
  }

  /** As `ofDevice`, for what is remembered once per partition. */
  ofPartition<S>(memory: Memory<S>): S {
    const index = this.#claim(this.#ownMemories, memory, [this.#own]);
    return this.#own.slots[index] as S;
  }

  /**
   * Lets go of every claim: what is remembered lies here as it would in the store, and is decoded anew by whoever claims it next, such as operators
   * under other rules. Handles, and what was touched, stay. Accessors given out before are void. Cost: one `JSON.stringify` and `JSON.parse` per device.
   */
  rebind(): void {
    this.#letGo(this.#own, this.#ownMemories);
    for (const device of this.#devices.values()) this.#letGo(device, this.#memories);
    this.#ownMemories.length = 0;
    this.#memories.length = 0;
  }

  /** Says that something remembered of this device changed, so that the next snapshot holds it. */
  touch(device: Device): void {
    if (device.isTouched) return;
    device.isTouched = true;
    this.#touched.push(device);
  }

  /** Devices changed since the last snapshot. */
  get touched(): readonly Device[] {
    return this.#touched;
  }

  /** Takes what changed since the last snapshot. Cost: one `JSON.stringify` per memory and touched device. */
  snapshot(): StateSnapshot {
    const devices = this.#touched.map((device) => [device.id, this.#text(device, this.#memories)] as const);
    for (const device of this.#newcomers) if (!device.isTouched) this.#devices.delete(device.id);
    for (const device of this.#touched) device.isTouched = false;
    this.#touched = [];
    this.#newcomers = [];
    return { partition: this.#text(this.#own, this.#ownMemories), devices };
  }

  #claim<S>(claimed: Memory<unknown>[], memory: Memory<S>, handles: Iterable<Device>): number {
    const known = claimed.findIndex(({ name }) => name === memory.name);
    if (known >= 0) return known;
    claimed.push(memory as unknown as Memory<unknown>);
    for (const handle of handles) handle.slots.push(this.#restored(handle, memory));
    return claimed.length - 1;
  }

  #restored<S>(handle: Device, memory: Memory<S>): S {
    const stored = this.#unclaimed.get(handle);
    if (stored === undefined || !Object.hasOwn(stored, memory.name)) return memory.create();
    const decoded = memory.decode(stored[memory.name]);
    if (isLeft(decoded)) {
      throw new CorruptState(
        `${this.source.topic}-${this.source.partition}: stored state "${memory.name}" of ${nameOf(handle)} does not decode: ${PathReporter.report(decoded).join('; ')}`,
      );
    }
    const { [memory.name]: _claimed, ...rest } = stored;
    if (Object.keys(rest).length === 0) this.#unclaimed.delete(handle);
    else this.#unclaimed.set(handle, rest);
    return decoded.right;
  }

  #letGo(handle: Device, memories: readonly Memory<unknown>[]): void {
    const text = this.#text(handle, memories);
    handle.slots.length = 0;
    handle.plan = null;
    if (text !== '{}') this.#unclaimed.set(handle, members(text, this.source, nameOf(handle)));
  }

  #text(handle: Device, memories: readonly Memory<unknown>[]): string {
    const unclaimed = this.#unclaimed.get(handle);
    let members = unclaimed === undefined ? '' : JSON.stringify(unclaimed).slice(1, -1);
    for (let i = 0; i < memories.length; i += 1) {
      const memory = memories[i];
      const text = memory && textOf(memory.encode(handle.slots[i]));
      if (text !== undefined) members += `${members && ','}"${memory?.name}":${text}`;
    }
    return `{${members}}`;
  }
}

const nameOf = ({ id }: Device): string => (id === '' ? 'the partition' : `device ${id}`);

/** Undefined for undefined. */
const textOf = (encoded: unknown): string | undefined =>
  encoded instanceof JsonText ? encoded.text : encoded === undefined ? undefined : JSON.stringify(encoded);

const members = (text: string, source: TopicPartition, whose: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    if (t.UnknownRecord.is(value)) return value;
  } catch (cause) {
    throw new CorruptState(`${source.topic}-${source.partition}: the stored state of ${whose} is not JSON`, { cause });
  }
  throw new CorruptState(`${source.topic}-${source.partition}: the stored state of ${whose} is not a JSON object`);
};
