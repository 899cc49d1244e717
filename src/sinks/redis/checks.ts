import { Cluster, type Redis } from 'ioredis';
import type { RedisConfig } from '../../config/config.js';
import type { Finding } from '../../ports.js';
import type { Client } from './client.js';
import { judge } from './faults.js';

/** Asks every server that holds data whether the service can run on it; changes nothing. Rejects when one does not answer. */
export const lookAtServers = async (client: Client, config: RedisConfig): Promise<readonly Finding[]> => {
  if (!(client instanceof Cluster)) {
    const at = client.options;
    return lookAt(client, `redis ${at.host ?? '?'}:${at.port ?? '?'}`, config);
  }
  // A cluster connects to its nodes as they are needed; this makes it learn them.
  await client.cluster('INFO');
  const found = await Promise.all(
    client
      .nodes('master')
      .map((node) => lookAt(node, `redis ${node.options.host ?? '?'}:${node.options.port ?? '?'}`, config)),
  );
  return found.flat();
};

type Info = ReadonlyMap<string, string>;

const lookAt = async (server: Redis, where: string, config: RedisConfig): Promise<readonly Finding[]> => {
  const info = await infoOf(server);
  if (info === null) {
    return [
      {
        what: where,
        verdict: 'warning',
        detail: 'the user may not call INFO: version, eviction and persistence could not be checked',
      },
    ];
  }
  return [
    { what: where, ...version(info) },
    { what: `${where} role`, ...role(info, config) },
    { what: `${where} scripts`, ...(await scripts(server)) },
    { what: `${where} eviction`, ...eviction(info) },
    { what: `${where} persistence`, ...persistence(info, await appendFsync(server)) },
  ];
};

const infoOf = async (server: Redis): Promise<Info | null> => {
  try {
    const lines = (await server.info()).split('\r\n');
    return new Map(
      lines.map((line) => [line.slice(0, Math.max(0, line.indexOf(':'))), line.slice(line.indexOf(':') + 1)]),
    );
  } catch (error) {
    if (isNotPermitted(error)) return null;
    throw error;
  }
};

const isNotPermitted = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOPERM');

type Seen = Omit<Finding, 'what'>;

const version = (info: Info): Seen => {
  const found = info.get('redis_version') ?? 'unknown';
  return Number.parseInt(found, 10) >= 7
    ? { verdict: 'ok', detail: `version ${found}` }
    : {
        verdict: 'fault',
        detail: `version ${found}: at least 7 is needed, whose scripts can refuse to write before they begin`,
      };
};

const role = (info: Info, { mode }: RedisConfig): Seen => {
  const isClustered = info.get('cluster_enabled') === '1';
  if (isClustered !== (mode === 'cluster')) {
    return {
      verdict: 'fault',
      detail: isClustered
        ? 'is part of a cluster: set cache.redis.mode to cluster'
        : 'is no part of a cluster: set cache.redis.mode to single',
    };
  }
  if (info.get('role') === 'master')
    return { verdict: 'ok', detail: `master, ${info.get('connected_slaves') ?? '0'} replicas` };
  return {
    verdict: 'fault',
    detail: `is a read-only replica of ${info.get('master_host') ?? '?'}:${info.get('master_port') ?? '?'}: name the master in cache.redis.endpoints, or set cache.redis.mode to sentinel`,
  };
};

/** A script that writes nothing, with the header that the others have. */
const scripts = async (server: Redis): Promise<Seen> => {
  try {
    await server.eval('#!lua flags=no-writes\nreturn 1', 0);
    return { verdict: 'ok', detail: 'may be run' };
  } catch (error) {
    const verdict = judge(error);
    if (verdict._tag === 'retry') throw error;
    return { verdict: 'fault', detail: verdict.message };
  }
};

/** Keys of this service never expire, so policies that touch only what expires do it no harm. */
const eviction = (info: Info): Seen => {
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  const limit = Number(info.get('maxmemory') ?? 0);
  const bound =
    limit === 0
      ? 'no maxmemory'
      : `maxmemory ${info.get('maxmemory_human') ?? limit}, ${info.get('used_memory_human') ?? '?'} used`;
  if (policy === 'noeviction' || policy.startsWith('volatile-'))
    return { verdict: 'ok', detail: `${policy}, ${bound}` };
  return {
    verdict: 'warning',
    detail: `maxmemory-policy is ${policy} (${bound}): Redis may DROP STATE AND RESULTS when memory is short, and records would count anew or not at all. Set it to noeviction: CONFIG SET maxmemory-policy noeviction, and in redis.conf`,
  };
};

const persistence = (info: Info, fsync: string | null): Seen => {
  if (info.get('aof_enabled') !== '1') {
    return {
      verdict: 'warning',
      detail:
        'the append-only file is off: a restart of Redis LOSES what was written since the last snapshot. It is read again only as far back as Kafka keeps records. Turn it on: CONFIG SET appendonly yes, and in redis.conf',
    };
  }
  if (info.get('aof_last_write_status') === 'err') {
    return {
      verdict: 'warning',
      detail: 'the append-only file can not be written: look at the log of Redis and its disk',
    };
  }
  if (fsync === null)
    return {
      verdict: 'warning',
      detail:
        'append-only file; the user may not call CONFIG, so appendfsync could not be checked (everysec or always is right)',
    };
  if (fsync === 'no') {
    return {
      verdict: 'warning',
      detail:
        'append-only file, but appendfsync is no: a power cut loses up to half a minute, which is then read again. Set it to everysec',
    };
  }
  return { verdict: 'ok', detail: `append-only file, appendfsync ${fsync}` };
};

/** Null where it may not be asked, as on managed services. */
const appendFsync = async (server: Redis): Promise<string | null> => {
  try {
    const [, value] = (await server.config('GET', 'appendfsync')) as readonly string[];
    return value ?? null;
  } catch (error) {
    // Managed services have no such command at all.
    if (judge(error)._tag === 'forbidden') return null;
    throw error;
  }
};
