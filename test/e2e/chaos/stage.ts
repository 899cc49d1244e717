import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryFolder } from '../../servers/keeping.js';
import { type Glimpse, Stored } from './stored.js';
import { kept, type Kept, rulesFile, serviceEnv, told } from './told.js';
import type { Told } from '../oracle/rules.js';
import { Topics } from './topic.js';
import { until } from './until.js';
import { judge, type Verdict } from './verdict.js';
import { WeirProcess } from './weir-process.js';

export interface StageOptions {
  readonly brokers: string;
  readonly redis: string;
  readonly partitions: number;
  readonly sessionTimeoutMs: number;
  /** What the store keeps; little, unless told. */
  readonly kept?: Kept;
}

export interface ServiceOptions {
  /** What stands before the store, if anything does. */
  readonly redis?: string;
  /** Any that is free unless told. */
  readonly httpPort?: number;
}

/** A topic, a group and a store of its own, and everything that happens between them. */
export class Stage {
  readonly topic = `e2e-${randomUUID().slice(0, 8)}`;
  readonly group = `group-of-${this.topic}`;
  readonly topics: Topics;
  readonly stored: Stored;
  readonly folder: string;
  /** The file of rules. */
  readonly rules: string;
  readonly #processes: WeirProcess[] = [];
  readonly #kept: Kept;

  private constructor(readonly options: StageOptions) {
    this.#kept = options.kept ?? kept;
    this.topics = new Topics(options.brokers);
    this.stored = new Stored(options.redis);
    this.folder = temporaryFolder(`weir-${this.topic}`).path;
    this.rules = join(this.folder, 'told.rules.yaml');
    writeFileSync(this.rules, rulesFile(told));
  }

  static async set(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options);
    await stage.topics.open();
    await stage.topics.create(stage.topic, options.partitions);
    return stage;
  }

  service(name: string, { redis = this.options.redis, httpPort = 0 }: ServiceOptions = {}): WeirProcess {
    const { topic, group, rules } = this;
    const env = serviceEnv({ ...this.options, redis, topic, group, rules, kept: this.#kept });
    return this.#begin(name, ['run', '--http-port', String(httpPort)], env);
  }

  producer(args: readonly string[]): WeirProcess {
    const env = { WEIR_KAFKA_BROKERS: this.options.brokers };
    return this.#begin('produce', ['produce', '--topic', this.topic, '--json', ...args], env);
  }

  /** How many records lie behind the offset in the store, of all partitions. */
  async lag(): Promise<number> {
    const ends = await this.topics.ends(this.topic);
    const nexts = await Promise.all(ends.map((_, partition) => this.stored.next(this.topic, partition, this.group)));
    return ends.reduce((sum, end, partition) => sum + end - (nexts[partition] ?? 0), 0);
  }

  /** Everything in the topic is settled, and stays so. */
  async settled(withinMs = 60_000): Promise<void> {
    let lag = NaN;
    await until(
      'everything is settled',
      async () => {
        lag = await this.lag();
        return lag === 0;
      },
      withinMs,
      200,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; ${lag} records are left\n${this.lastWords()}`);
    });
    await wait(500);
  }

  /** Of rules that were put in force, by version: known again by their text. */
  async versions(all: readonly Told[]): Promise<ReadonlyMap<string, Told>> {
    const log = await this.stored.redis.hgetall(`weir:${this.group}:rules`);
    const byText = new Map(all.map((one) => [rulesFile(one), one]));
    const versions = new Map<string, Told>();
    for (const [name, bundle] of Object.entries(log)) {
      if (!name.endsWith(':text')) continue;
      const [{ text } = { text: '' }] = JSON.parse(bundle) as readonly { readonly text: string }[];
      const known = byText.get(text);
      if (known !== undefined) versions.set(log[name.replace(':text', ':version')] ?? '', known);
    }
    return versions;
  }

  /** `versions`: of the rules, when they were changed. */
  judge(glimpses: readonly Glimpse[] = [], versions?: ReadonlyMap<string, Told>): Promise<Verdict> {
    const trial = { topic: this.topic, group: this.group, told, versions, ...this.#kept };
    return judge(trial, this.topics, this.stored, glimpses);
  }

  lastWords(): string {
    return this.#processes
      .map(({ name, end, output }) => `── ${name} (${end ?? 'running'})\n${output.slice(-1_500)}`)
      .join('\n');
  }

  async strike(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
    await this.topics.remove(this.topic, `${this.topic}.dlq`).catch(() => undefined);
    await this.topics.close();
    await this.stored.forget(this.topic, this.group).catch(() => undefined);
    this.stored.close();
    if (process.env['WEIR_E2E_KEEP'] === undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  #begin(name: string, args: readonly string[], env: Readonly<Record<string, string>>): WeirProcess {
    const begun = new WeirProcess({ name, args, env, folder: this.folder });
    this.#processes.push(begun);
    return begun;
  }
}
