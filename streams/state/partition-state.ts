import { isLeft, map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import { Device } from '../model/device.js';
import type { TopicPartition } from '../model/units.js';
import { DeviceTexts } from './device-texts.js';
import { JsonBytes } from './json/json-bytes.js';
import { type MemberHeads, memberHeads } from './json/member-heads.js';

/** One named piece of what an operator remembers: how it begins, and how it is written as JSON. */
export interface Memory<S> {
  /** Unique among the operators of a pipeline; the name of its member in the stored JSON. Never rename one that is in use. */
  readonly name: string;
  readonly create: () => S;
  /**
   * Gives plain JSON, or a function that writes it, where making values of it first would cost more; undefined for what need not be stored, because it
   * is as it was created. NaN and Infinity are not JSON.
   */
  readonly encode: (remembered: S) => unknown;
  /** Gives back what was encoded. */
  readonly decode: t.Decode<unknown, S>;
}

/** Writes one JSON value. False when there is nothing to store: whatever it wrote is taken back. */
export type WriteJson = (json: JsonBytes) => boolean;

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
  readonly devices: DeviceTexts;
}

/** Stored state that no codec accepts: another version wrote it, or somebody edited it. */
export class CorruptState extends Error {
  override readonly name = 'CorruptState';
}

/** A memory in use, and how its member begins. */
interface Claimed {
  readonly memory: Memory<unknown>;
  readonly heads: MemberHeads;
}

/**
 * Everything the operators of one partition remember, and nothing else: what is not in here does not survive a restart.
 * Not shared between partitions. Memory: one `Device` per device ever folded in this partition.
 */
export class PartitionState {
  readonly #devices = new Map<string, Device>();
  readonly #memories: Claimed[] = [];
  /** The partition's own memories hang on a handle of their own, reached like a device's. */
  readonly #own = new Device('');
  readonly #ownMemories: Claimed[] = [];
  #touched: Device[] = [];
  #newcomers: Device[] = [];
  /** Of devices that were forgotten. */
  readonly #freeIndexes: number[] = [];
  #nextIndex = 0;
  /** As it was in the last snapshot. */
  #bytesPerDevice = 0;
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
      const device = state.#add(id);
      state.#unclaimed.set(device, members(text, source, `device ${id}`));
    }
    return state;
  }

  /** The handle of a device, made on first sight. A newcomer that nothing touches until the next snapshot is forgotten again. */
  device(id: string): Device {
    const known = this.#devices.get(id);
    if (known !== undefined) return known;
    const device = this.#add(id);
    for (const { memory } of this.#memories) device.slots.push(memory.create());
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

  /** Takes what changed since the last snapshot. Cost: what each memory takes to write itself, per touched device. */
  snapshot(): StateSnapshot {
    const ids: string[] = [];
    const ends: number[] = [];
    const json = new JsonBytes(expectedBytes + Math.ceil(this.#touched.length * this.#bytesPerDevice * 1.1));
    for (const device of this.#touched) {
      this.#write(device, this.#memories, json);
      ids.push(device.id);
      ends.push(json.length);
    }
    if (ids.length > 0) this.#bytesPerDevice = json.length / ids.length;
    const devices = new DeviceTexts(json.taken(), ids, ends);
    for (const device of this.#newcomers) if (!device.isTouched) this.#forget(device);
    for (const device of this.#touched) device.isTouched = false;
    this.#touched = [];
    this.#newcomers = [];
    return { partition: this.#text(this.#own, this.#ownMemories), devices };
  }

  #add(id: string): Device {
    const device = new Device(id, this.#freeIndexes.pop() ?? this.#nextIndex++);
    this.#devices.set(id, device);
    return device;
  }

  #forget({ id, index }: Device): void {
    this.#devices.delete(id);
    this.#freeIndexes.push(index);
  }

  #claim<S>(claimed: Claimed[], memory: Memory<S>, handles: Iterable<Device>): number {
    const known = claimed.findIndex((one) => one.memory.name === memory.name);
    if (known >= 0) return known;
    claimed.push({ memory: memory as unknown as Memory<unknown>, heads: memberHeads(memory.name) });
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

  #letGo(handle: Device, memories: readonly Claimed[]): void {
    const text = this.#text(handle, memories);
    handle.slots.length = 0;
    handle.plan = null;
    if (text !== '{}') this.#unclaimed.set(handle, members(text, this.source, nameOf(handle)));
  }

  #text(handle: Device, memories: readonly Claimed[]): string {
    const json = new JsonBytes(expectedBytes);
    this.#write(handle, memories, json);
    return json.taken().toString();
  }

  #write(handle: Device, memories: readonly Claimed[], json: JsonBytes): void {
    const unclaimed = this.#unclaimed.get(handle);
    const begin = json.length;
    if (unclaimed !== undefined && Object.keys(unclaimed).length > 0) json.text(JSON.stringify(unclaimed).slice(0, -1));
    for (let i = 0; i < memories.length; i += 1) {
      const claimed = memories[i];
      const encoded = claimed?.memory.encode(handle.slots[i]);
      if (claimed === undefined || encoded === undefined) continue;
      const before = json.length;
      json.constant(before === begin ? claimed.heads.first : claimed.heads.further);
      if (typeof encoded !== 'function') json.value(encoded);
      else if (!(encoded as WriteJson)(json)) {
        json.rewind(before);
        continue;
      }
    }
    if (json.length === begin) json.sign(openingBrace);
    json.sign(closingBrace);
  }
}

const nameOf = ({ id }: Device): string => (id === '' ? 'the partition' : `device ${id}`);

const [openingBrace, closingBrace] = [0x7b, 0x7d];

/** What a text takes at least. */
const expectedBytes = 2_048;

const members = (text: string, source: TopicPartition, whose: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    if (t.UnknownRecord.is(value)) return value;
  } catch (cause) {
    throw new CorruptState(`${source.topic}-${source.partition}: the stored state of ${whose} is not JSON`, { cause });
  }
  throw new CorruptState(`${source.topic}-${source.partition}: the stored state of ${whose} is not a JSON object`);
};
