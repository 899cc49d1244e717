import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from '../../config/config.js';

export type Client = Redis | Cluster;

/** How long things may take, ms. */
export interface Patience {
  /** A connection that can't be made by now will not be; another is tried. */
  readonly connectMs: number;
  /** A reply that has not come by now will not come on this connection. */
  readonly replyMs: number;
}

export const defaultPatience: Patience = { connectMs: 5_000, replyMs: 10_000 };

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Of `host:port`, also with an IPv6 host in brackets. */
const endpointOf = (text: string): Endpoint => {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
};

const reconnectAfterMs = (attempt: number): number => {
  const longestMs = Math.min(2_000, 50 * 2 ** Math.min(attempt, 10));
  return longestMs / 2 + (Math.random() * longestMs) / 2;
};

/**
 * A client that reconnects for ever and resends nothing by itself: what was in flight or waiting when a connection broke is rejected,
 * and whoever sent it knows whether it may be sent again. (With any other `maxRetriesPerRequest` than 0 and without resending, ioredis
 * forgets commands without settling them.) Nothing is connected before the first command.
 */
export const createClient = (config: RedisConfig, name: string, patience: Patience = defaultPatience): Client => {
  const shared: RedisOptions = {
    ...(config.username !== null && { username: config.username }),
    ...(config.password !== null && { password: config.password }),
    ...(config.tls && { tls: {} }),
    connectionName: name,
    connectTimeout: patience.connectMs,
    disableClientInfo: true,
    keepAlive: 10_000,
    lazyConnect: true,
    autoResendUnfulfilledCommands: false,
  };
  const client =
    config.mode === 'cluster'
      ? new Cluster(config.endpoints.map(endpointOf), clusterOptions(config, shared, patience))
      : new Redis({
          ...shared,
          ...(config.mode === 'sentinel' ? sentinelOptions(config) : endpointOf(config.endpoints[0] ?? '')),
          db: config.db,
          maxRetriesPerRequest: 0,
          retryStrategy: reconnectAfterMs,
          // Until the server has loaded its data, however long that takes.
          maxLoadingRetryTime: patience.connectMs,
        });
  // Said by whoever watches it; without a listener ioredis would print it.
  client.on('error', () => undefined);
  if (config.mode === 'sentinel') client.on('sentinelError', offerPassword(client, config));
  client.on('end', () => setTimeout(() => beginAgain(client), reconnectAfterMs(1)).unref());
  return client;
};

const closed = new WeakSet<Client>();

/** For good: it does not begin again. */
export const closeClient = (client: Client): void => {
  closed.add(client);
  client.disconnect();
};

/** ioredis ends a client for ever when a Sentinel tells of a failover just while it is connecting. */
const beginAgain = (client: Client): void => {
  if (closed.has(client) || client.status !== 'end') return;
  // Should this fail, it ends again, and begins again.
  client.connect().catch(() => undefined);
};

/** Sentinels may want the same password or none; one that wants none, and is given one, makes ioredis print a warning each time. */
const offerPassword =
  (client: Client, { password }: RedisConfig) =>
  ({ message }: Error): void => {
    const isWanted = message.includes('NOAUTH') && client instanceof Redis && password !== null;
    if (isWanted) client.options.sentinelPassword = password;
  };

const sentinelOptions = (config: RedisConfig): RedisOptions => ({
  sentinels: config.endpoints.map(endpointOf),
  name: config.masterName ?? '',
  role: 'master',
  // A master that hangs keeps its connections; the Sentinels tell when it is one no more.
  failoverDetector: true,
  sentinelRetryStrategy: reconnectAfterMs,
  ...(config.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
});

const clusterOptions = (config: RedisConfig, shared: RedisOptions, patience: Patience): ClusterOptions => ({
  redisOptions: { ...shared, socketTimeout: patience.replyMs },
  lazyConnect: true,
  slotsRefreshTimeout: patience.connectMs,
  clusterRetryStrategy: reconnectAfterMs,
  // A certificate names the host: look nothing up before it is compared.
  ...(config.tls && {
    dnsLookup: (address: string, answer: (error: null, address: string) => void) => {
      answer(null, address);
    },
  }),
});

/**
 * Waits for the answer to a command for as long as `replyMs`; then the connection is given up and made anew, which rejects everything
 * in flight on it. A cluster does the same for each of its nodes by itself.
 */
export const answerOf = async <A>(client: Client, asked: Promise<A>, replyMs: number): Promise<A> => {
  if (client instanceof Cluster) return asked;
  const timer = setTimeout(() => {
    if (client.status === 'ready') client.disconnect(true);
  }, replyMs);
  try {
    return await asked;
  } finally {
    clearTimeout(timer);
  }
};
