import type { TopicPartition } from '../../../streams/model/units.js';
import { type CareStore, sourceOfAlert } from '../../care/desk.js';
import type { StateStore } from '../../ports.js';
import { type ClosableReader, type ReaderSettings, resultReader } from '../../results/reader.js';
import { type Kept, MemoryPartition } from './partition.js';

export interface MemoryStoreOptions {
  /** Closed windows kept per device and metric. */
  readonly keepWindows: number;
  /** Cleared alerts kept per partition. */
  readonly keepAlerts: number;
  readonly settings: ReaderSettings;
}

export interface MemoryStore {
  readonly store: StateStore;
  readonly reader: ClosableReader;
  readonly care: CareStore;
}

/** State and results in this process: gone with it. Store and reader look at the same memory; several may own partitions in turn. */
export const memoryStore = ({ keepWindows, keepAlerts, settings }: MemoryStoreOptions): MemoryStore => {
  const partitions = new Partitions({ keepWindows, keepAlerts });
  const store: StateStore = {
    open: () => Promise.resolve(),
    acquire: (source, held) => Promise.resolve(partitions.of(source).acquire(held)),
    commit: (checkpoint) => Promise.resolve(partitions.of(checkpoint.source).commit(checkpoint)),
    health: () => Promise.resolve({ isReady: true, detail: `in memory: ${partitions.sources.length} partitions` }),
    close: () => Promise.resolve(),
  };
  const reader = resultReader(
    {
      partitions: () => Promise.resolve(partitions.sources),
      ids: (source, after, limit) => Promise.resolve(partitions.of(source).ids(after, limit)),
      devices: (source, ids) => Promise.resolve(ids.map((id) => partitions.of(source).device(id))),
      closedWindows: (source, kind, device, bounds) =>
        Promise.resolve(partitions.of(source).closedWindows(kind, device, bounds)),
      alerts: (source) => Promise.resolve(partitions.of(source).alerts()),
      cares: (source) => Promise.resolve(partitions.of(source).cares()),
      own: (source) => Promise.resolve(partitions.of(source).own),
      close: () => Promise.resolve(),
    },
    settings,
  );
  const care: CareStore = {
    read: (id) => {
      const held = partitions.ofAlert(id);
      return Promise.resolve({ alert: held?.alert(id) ?? null, care: held?.care(id) ?? null });
    },
    write: (id, expected, text) => Promise.resolve(partitions.ofAlert(id)?.writeCare(id, expected, text) ?? 'unknown'),
    close: () => Promise.resolve(),
  };
  return { store, reader, care };
};

class Partitions {
  readonly #byName = new Map<string, { readonly source: TopicPartition; readonly held: MemoryPartition }>();

  constructor(readonly kept: Kept) {}

  get sources(): readonly TopicPartition[] {
    return Array.from(this.#byName.values(), ({ source }) => source);
  }

  ofAlert(id: string): MemoryPartition | null {
    const source = sourceOfAlert(id);
    return source === null ? null : this.of(source);
  }

  of(source: TopicPartition): MemoryPartition {
    const name = `${source.topic}-${source.partition}`;
    const known = this.#byName.get(name);
    if (known !== undefined) return known.held;
    const held = new MemoryPartition(this.kept);
    this.#byName.set(name, { source, held });
    return held;
  }
}
