import { Redis } from 'ioredis';
import { type Found, member } from '../compare/found.js';

const atOnce = 500;

type GlimpseReply = [[next: string | null, own: string | null], devices: string[], alerts: string[]];

/** What the store held of a partition at some moment. */
export interface Glimpse {
  readonly partition: number;
  readonly next: number;
  readonly found: () => Found;
}

const ofPairs = (flat: readonly string[]): ReadonlyMap<string, unknown> => {
  const map = new Map<string, unknown>();
  for (let i = 0; i < flat.length; i += 2) map.set(flat[i] ?? '', JSON.parse(flat[i + 1] ?? 'null') as unknown);
  return map;
};

/** What the store holds, read key by key as docs/redis.md describes it. */
export class Stored {
  readonly #redis: Redis;

  constructor(endpoint: string) {
    const at = endpoint.lastIndexOf(':');
    this.#redis = new Redis({
      host: endpoint.slice(0, at),
      port: Number(endpoint.slice(at + 1)),
      lazyConnect: true,
      retryStrategy: () => 100,
    });
    this.#redis.on('error', () => undefined);
  }

  get redis(): Redis {
    return this.#redis;
  }

  close(): void {
    this.#redis.disconnect();
  }

  async next(topic: string, partition: number, group: string): Promise<number | null> {
    const next = await this.#redis.hget(`${prefixOf(topic, partition, group)}:meta`, 'next');
    return next === null ? null : Number(next);
  }

  /** The partition's own state. */
  async own(topic: string, partition: number, group: string): Promise<unknown> {
    const own = await this.#redis.hget(`${prefixOf(topic, partition, group)}:meta`, 'partition');
    return own === null ? null : (JSON.parse(own) as unknown);
  }

  async found(topic: string, partition: number, group: string): Promise<Found> {
    const prefix = prefixOf(topic, partition, group);
    return {
      next: await this.next(topic, partition, group),
      own: await this.own(topic, partition, group),
      devices: await this.#hash(`${prefix}:devices`),
      windows: await this.#windows(`${prefix}:windows:`),
      alerts: await this.#hash(`${prefix}:alerts`),
      indexes: {
        ids: await this.#redis.zrange(`${prefix}:ids`, 0, -1),
        cleared: scored(await this.#redis.zrange(`${prefix}:alerts:cleared`, 0, -1, 'WITHSCORES')),
      },
    };
  }

  /** The partitions that readers look in, in order. */
  async partitions(group: string): Promise<readonly string[]> {
    return (await this.#redis.smembers(`weir:${group}:partitions`)).sort();
  }

  /** Removes everything of a topic and group. */
  async forget(topic: string, group: string): Promise<void> {
    const keys = await this.#keys(`{${topic}:`);
    for (let at = 0; at < keys.length; at += atOnce) await this.#redis.unlink(...keys.slice(at, at + atOnce));
    await this.#redis.unlink(`weir:${group}:partitions`, `weir:${group}:rules`);
  }

  /** All but the closed windows, as it is at one moment. Null when nothing was ever settled. */
  async glimpse(topic: string, partition: number, group: string): Promise<Glimpse | null> {
    const prefix = prefixOf(topic, partition, group);
    const script = `return {redis.call('HMGET',KEYS[1],'next','partition'),redis.call('HGETALL',KEYS[2]),redis.call('HGETALL',KEYS[3])}`;
    const keys = [`${prefix}:meta`, `${prefix}:devices`, `${prefix}:alerts`];
    const [[next, own], devices, alerts] = (await this.#redis.eval(script, 3, ...keys)) as GlimpseReply;
    if (next === null) return null;
    const found = (): Found => ({
      next: Number(next),
      own: JSON.parse(own ?? 'null') as unknown,
      devices: ofPairs(devices),
      alerts: ofPairs(alerts),
      windows: null,
      indexes: null,
    });
    return { partition, next: Number(next), found };
  }

  async #hash(key: string): Promise<ReadonlyMap<string, unknown>> {
    const texts = await this.#redis.hgetall(key);
    return new Map(Object.entries(texts).map(([id, text]) => [id, JSON.parse(text) as unknown]));
  }

  async #windows(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    const windows = new Map<string, unknown>();
    const keys = await this.#keys(prefix);
    for (let at = 0; at < keys.length; at += atOnce) {
      const some = keys.slice(at, at + atOnce);
      const asked = this.#redis.pipeline();
      for (const key of some) asked.zrange(key, 0, -1, 'WITHSCORES');
      const answers = (await asked.exec()) ?? [];
      for (const [i, [error, answer]] of answers.entries()) {
        if (error !== null) throw error;
        const key = some[i] ?? '';
        const name = nameOf(key.slice(prefix.length));
        const members = answer as readonly string[];
        for (let j = 0; j < members.length; j += 2) addTo(windows, `${name} ${members[j + 1] ?? ''}`, members[j] ?? '');
      }
    }
    return windows;
  }

  async #keys(prefix: string): Promise<readonly string[]> {
    const keys: string[] = [];
    for await (const some of this.#redis.scanStream({ match: `${prefix}*`, count: 1_000 }))
      keys.push(...(some as string[]));
    return [...new Set(keys)];
  }
}

const scored = (flat: readonly string[]): Record<string, number> => {
  const scores: Record<string, number> = {};
  for (let i = 0; i < flat.length; i += 2) scores[flat[i] ?? ''] = Number(flat[i + 1]);
  return scores;
};

const prefixOf = (topic: string, partition: number, group: string): string => `{${topic}:${partition}}:${group}`;

/** `rule:metric:device`, and a device's id may hold colons. */
const nameOf = (rest: string): string => {
  const [rule = '', metric = '', ...device] = rest.split(':');
  return `${rule} ${device.join(':')} ${metric}`;
};

const addTo = (windows: Map<string, unknown>, start: string, text: string): void => {
  const window = JSON.parse(text) as unknown;
  const key = `${start} ${String(member(window, 'endMs'))}`;
  let free = key;
  for (let i = 2; windows.has(free); i += 1) free = `${key} #${i}`;
  windows.set(free, window);
};
