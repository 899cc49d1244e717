import { ServiceError } from '../../service-error.js';

/** What an error of a command means for whoever sent it. */
export type Verdict =
  /** The outcome is unknown, or the server is busy with itself: send the identical command again. */
  | { readonly _tag: 'retry'; readonly message: string; readonly reconnect: boolean }
  /** The server said no and did nothing; it may say yes once somebody has looked. */
  | { readonly _tag: 'refused'; readonly message: string; readonly reconnect: boolean }
  /** As `refused`, and waiting alone will not change it. */
  | { readonly _tag: 'forbidden'; readonly message: string };

/** By the first word of an error reply: what to do next. */
const passing: ReadonlyMap<string, { readonly reconnect: boolean }> = new Map([
  ['LOADING', { reconnect: false }],
  ['BUSY', { reconnect: false }],
  ['TRYAGAIN', { reconnect: false }],
  ['CLUSTERDOWN', { reconnect: false }],
  ['ASK', { reconnect: false }],
  // A replica that lost its master: during a failover another one is, behind the same address.
  ['MASTERDOWN', { reconnect: true }],
]);

const refusals: ReadonlyMap<string, { readonly advice: string; readonly reconnect: boolean }> = new Map([
  ['OOM', { advice: 'Redis is at maxmemory: raise it, or keep less (keep_windows, keep_alerts)', reconnect: false }],
  ['MISCONF', { advice: 'Redis can not save to disk: look at its log and its disk', reconnect: false }],
  ['NOREPLICAS', { advice: 'too few replicas are in step (min-replicas-to-write): bring them back', reconnect: false }],
  [
    'READONLY',
    {
      advice: 'this is a replica: wait for the failover to end, or name the master in cache.redis.endpoints',
      reconnect: true,
    },
  ],
]);

const prohibitions: ReadonlyMap<string, string> = new Map([
  ['WRONGTYPE', 'something else than this service wrote that key: rename or delete it, see docs/redis.md'],
  ['NOPERM', 'the user lacks a permission: docs/redis.md lists what is needed'],
  ['NOAUTH', 'a password is needed: set cache.redis.password'],
  ['WRONGPASS', 'user name or password is wrong: correct cache.redis.username and cache.redis.password'],
  ['MOVED', 'this is a node of a cluster: set cache.redis.mode to cluster'],
  ['CROSSSLOT', 'keys of one partition lie in several slots: a proxy in between must understand hash tags'],
]);

export const judge = (thrown: unknown): Verdict => {
  const error = causeOf(thrown);
  const message = inScript(error instanceof Error ? error.message : String(error));
  if (error instanceof ServiceError || !isReply(error)) return { _tag: 'retry', message, reconnect: false };
  const [word = ''] = message.split(' ', 1);
  const pass = passing.get(word);
  if (pass !== undefined) return { _tag: 'retry', message, ...pass };
  const refusal = refusals.get(word);
  if (refusal !== undefined) {
    return { _tag: 'refused', message: `${message}. What to do: ${refusal.advice}`, reconnect: refusal.reconnect };
  }
  const advice = prohibitions.get(word) ?? 'look at the log of Redis; docs/redis.md tells what is asked of it';
  return { _tag: 'forbidden', message: `${message}. What to do: ${advice}` };
};

/** A command that a script may not run is refused in words without a code. */
const inScript = (message: string): string =>
  message.includes("executing the script can't run this command") ? `NOPERM ${message}` : message;

/** A cluster wraps what its last node said. */
const causeOf = (error: unknown): unknown =>
  error instanceof Error && 'lastNodeError' in error && error.lastNodeError instanceof Error
    ? error.lastNodeError
    : error;

/** Whether the server itself said it, in contrast to a connection that broke. */
const isReply = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError';

/** The error of something that will not be tried again. */
export const asRedisError = (error: unknown, what: string): ServiceError => {
  if (error instanceof ServiceError) return error;
  const verdict = judge(error);
  return verdict._tag === 'retry'
    ? new ServiceError(
        'redis_unreachable',
        `${what}: ${verdict.message}; is Redis up, and are cache.redis.endpoints right?`,
        {
          cause: error,
        },
      )
    : new ServiceError('redis_refused', `${what}: ${verdict.message}`, { cause: error });
};
