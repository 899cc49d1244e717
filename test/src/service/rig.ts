import { setTimeout as wait } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { defaultConfig } from '../../../src/config/defaults.js';
import { fixedRules } from '../../../src/rules/active.js';
import { defaultSettings } from '../../../src/rules/default-settings.js';
import type { ProcessingConfig } from '../../../src/config/config.js';
import type { ServiceEvent } from '../../../src/events.js';
import type {
  Acquired,
  Checkpoint,
  CommitResult,
  DeviceView,
  Held,
  PartitionSource,
  PushPort,
  SettledStep,
  StateStore,
} from '../../../src/ports.js';
import type { ServiceParts } from '../../../src/service/parts.js';
import { runService } from '../../../src/service/run.js';
import { deadLetterRing } from '../../../src/sinks/memory/dead-letter-ring.js';
import { memoryStore, type MemoryStore } from '../../../src/sinks/memory/store.js';
import { EmbeddedLog } from '../../../src/sources/embedded/log.js';
import { embeddedSource } from '../../../src/sources/embedded/source.js';
import type { Alert } from '../../../streams/model/alert.js';
import type { Tally } from '../../../streams/model/chunk.js';
import type { TopicPartition } from '../../../streams/model/units.js';

export const topic = 'device-data';
const atMs = Date.UTC(2026, 0, 2, 3, 4, 0);
const config = defaultConfig();
const settings = defaultSettings();

export const until = async (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 15_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`did not happen: ${what}`);
    await wait(1);
  }
};

/** Lets nothing through until it is opened. */
export class Gate {
  open: () => void = () => undefined;
  readonly passed = new Promise<void>((resolve) => (this.open = resolve));
}

/** What it does can be replaced while it runs. */
interface ScriptedStore extends StateStore {
  acquire: (source: TopicPartition, held: Held | null) => Promise<Acquired>;
  commit: (checkpoint: Checkpoint) => Promise<CommitResult>;
}

/** One service process: its own source, everything else shared with the others. */
export interface Member {
  readonly source: PartitionSource;
  readonly events: ServiceEvent[];
  readonly steps: SettledStep[];
  /** Settled when the service has ended. */
  readonly running: Promise<void>;
  readonly pushed: { readonly devices: DeviceView[]; readonly alerts: Alert[] };
}

export interface MemberOptions {
  readonly processing?: Partial<ProcessingConfig>;
  readonly parts?: Partial<ServiceParts>;
  readonly maxPartitionBytes?: number;
}

/** The embedded parts, with room for trouble: what the members' store does can be changed between two calls. */
export class Rig {
  readonly log: EmbeddedLog;
  memory: MemoryStore = Rig.freshMemory();
  readonly letters = deadLetterRing({ capacity: 10_000 });
  readonly members: Member[] = [];
  appended = 0;
  readonly store: ScriptedStore = {
    open: () => Promise.resolve(),
    acquire: (source, held) => this.memory.store.acquire(source, held),
    commit: (checkpoint) => this.memory.store.commit(checkpoint),
    health: () => this.memory.store.health(),
    close: () => Promise.resolve(),
  };

  constructor(readonly partitions: number) {
    this.log = new EmbeddedLog({ topics: { [topic]: partitions }, retentionBytes: 64 * 1024 * 1024 });
  }

  static freshMemory(): MemoryStore {
    const { keepWindows, keepAlerts } = config.redis;
    return memoryStore({ keepWindows, keepAlerts, settings });
  }

  /** One reading each of ten devices a partition, round and round, all within one window. */
  append(partition: number, count: number, value?: string): void {
    for (let i = 0; i < count; i += 1) {
      const at = new Date(atMs + (this.appended++ % 50_000)).toISOString();
      const reading = JSON.stringify({
        device_id: `d-${partition}-${i % 10}`,
        timestamp: at,
        temperature: 20 + (i % 5),
      });
      this.log
        .partition({ topic, partition })
        .append({ key: null, value: value ?? reading, timestampMs: atMs + 50_000 });
    }
  }

  async join({ processing = {}, parts = {}, maxPartitionBytes }: MemberOptions = {}): Promise<Member> {
    const events: ServiceEvent[] = [];
    const steps: SettledStep[] = [];
    const pushed = { devices: new Array<DeviceView>(), alerts: new Array<Alert>() };
    const report = (event: ServiceEvent): void => void events.push(event);
    const kafka = { ...config.kafka, maxPartitionBytes: maxPartitionBytes ?? config.kafka.maxPartitionBytes };
    const source = embeddedSource({ log: this.log, config: kafka, batchSize: 20, report });
    const push: PushPort = {
      isListened: true,
      clients: 1,
      devices: (views) => void pushed.devices.push(...views.map((view) => ('view' in view ? view.view() : view))),
      alerts: (alerts) => void pushed.alerts.push(...alerts),
      close: () => Promise.resolve(),
    };
    const run$ = runService({
      source,
      store: this.store,
      deadLetters: this.letters,
      push,
      meter: { settled: (step) => void steps.push(step) },
      report,
      rules: fixedRules(settings),
      processing: { ...config.processing, commitIntervalMs: 2, ...processing },
      ...parts,
    });
    const running = lastValueFrom(run$, { defaultValue: undefined });
    running.catch(() => undefined);
    const member = { source, events, steps, running, pushed };
    this.members.push(member);
    await source.start();
    return member;
  }

  async totals(): Promise<Tally> {
    const none = { read: 0, counted: 0, duplicate: 0, late: 0, dead: 0, skipped: 0 };
    return (await this.memory.reader.totals())[topic] ?? none;
  }

  /** Readings folded into windows, over all devices: what the results say, apart from any tally. */
  async folded(): Promise<number> {
    const devices = await this.memory.reader.devices({ limit: 10_000 });
    const windows = await Promise.all(
      devices.map(({ id }) => this.memory.reader.windows(id, { metric: 'temperature', limit: 100 })),
    );
    return windows.flat().reduce((sum, { count }) => sum + count, 0);
  }

  untilRead(count: number): Promise<void> {
    return until(`${count} records are settled`, async () => (await this.totals()).read >= count);
  }

  async close(): Promise<void> {
    for (const { source } of this.members) await source.close();
  }
}

export const tags = (events: readonly ServiceEvent[]): string[] => events.map(({ _tag }) => _tag);
