import { describe, expect, test } from 'vitest';
import { documentKeys, envName } from '../../../src/config/document.js';
import { faultsOf, fileWith, resolved, shown } from './loading.js';

const file = 'processing: {batch_size: 11}\n';
const env = { WEIR_PROCESSING_BATCH_SIZE: '22' };
const flags = [{ name: '--batch-size', path: 'processing.batch_size', text: '33' }];

describe('flag over environment over file over default', () => {
  test.each<readonly [text: string | null, around: Parameters<typeof resolved>[1], value: number, from: string]>([
    [null, {}, 500, 'default'],
    [file, {}, 11, 'file'],
    [file, { env }, 22, 'env'],
    [file, { env, flags }, 33, 'flag'],
    [file, { flags }, 33, 'flag'],
    [null, { env, flags }, 33, 'flag'],
  ])('%#: %j %j gives %d', (text, around, value, from) => {
    const { config, origins } = resolved(text, around);
    expect(config.processing.batchSize).toBe(value);
    expect(origins.get('processing.batch_size')?.from).toBe(from);
  });

  test('an empty variable is one that is not set', () => {
    expect(resolved(file, { env: { WEIR_PROCESSING_BATCH_SIZE: '' } }).config.processing.batchSize).toBe(11);
  });

  test('what is overruled by a higher place is not looked at', () => {
    expect(resolved('http: {port: nonsense}', { env: { WEIR_HTTP_PORT: '8081' } }).config.http.port).toBe(8081);
  });
});

describe('the environment', () => {
  test.each<
    readonly [
      name: string,
      value: string,
      what: (config: ReturnType<typeof resolved>['config']) => unknown,
      expected: unknown,
    ]
  >([
    ['KAFKA_BROKERS', 'a:1, b:2', (c) => c.kafka.brokers, ['a:1', 'b:2']],
    ['REDIS_ENDPOINT', '[::1]:6379', (c) => c.redis.endpoints, ['[::1]:6379']],
    ['WEIR_KAFKA_BROKERS', '["a:1","b:2"]', (c) => c.kafka.brokers, ['a:1', 'b:2']],
    ['WEIR_KAFKA_CONSUMER_TOPICS', 'one,two', (c) => c.kafka.topics, ['one', 'two']],
    ['WEIR_KAFKA_CONSUMER_GROUP_ID', '4711', (c) => c.kafka.groupId, '4711'],
    ['WEIR_DEDUPE_WINDOW', '10s', (c) => c.pipeline.dedupe.windowMs, 10_000],
    ['WEIR_RULES_PATH', 'rules', (c) => c.rules.path, 'rules'],
    ['WEIR_LIMITS_MAX_VALUE', '1MiB', (c) => c.pipeline.limits.maxValueBytes, 1_048_576],
    ['WEIR_CACHE_REDIS_TLS', 'TRUE', (c) => c.redis.tls, true],
    ['WEIR_LOG_LEVEL', 'Debug', (c) => c.log.level, 'debug'],
    ['WEIR_CONSUMER_GROUP_SESSION_TIMEOUT', '9s', (c) => c.kafka.sessionTimeoutMs, 9_000],
    ['WEIR_CACHE_REDIS_PASSWORD', 'true', (c) => c.redis.password, 'true'],
  ])('%s=%s', (name, value, what, expected) => {
    expect(what(resolved(null, { env: { [name]: value } }).config)).toEqual(expected);
  });

  test('our own name wins over the one that others know too', () => {
    const { config } = resolved(null, { env: { WEIR_KAFKA_BROKERS: 'ours:1', KAFKA_BROKERS: 'theirs:1' } });
    expect(config.kafka.brokers).toEqual(['ours:1']);
  });

  test('a secret is read from the file that its variable names, without the line break at its end', () => {
    const { config, origins } = resolved(null, { env: { WEIR_CACHE_REDIS_PASSWORD_FILE: fileWith('s3cret\n') } });
    expect(config.redis.password).toBe('s3cret');
    expect(origins.get('cache.redis.password')).toEqual({ from: 'env', name: 'WEIR_CACHE_REDIS_PASSWORD_FILE' });
  });

  test.each<readonly [env: Readonly<Record<string, string>>, fault: string | RegExp]>([
    [{ WEIR_KAFKA_BROKER: 'a:1' }, 'env WEIR_KAFKA_BROKER: no key has this name; did you mean WEIR_KAFKA_BROKERS?'],
    [{ WEIR_XYZZY: '1' }, 'env WEIR_XYZZY: no key has this name'],
    [
      { WEIR_HTTP_PORT_FILE: '/x' },
      'env WEIR_HTTP_PORT_FILE: only secrets can be read from a file; did you mean WEIR_HTTP_PORT?',
    ],
    [
      { WEIR_CACHE_REDIS_PASSWORD_FILE: '/nowhere/x' },
      /^env WEIR_CACHE_REDIS_PASSWORD_FILE: cache.redis.password: the file can't be read: ENOENT/,
    ],
    [
      { WEIR_CACHE_REDIS_PASSWORD: 'a', WEIR_CACHE_REDIS_PASSWORD_FILE: '/dev/null' },
      'env WEIR_CACHE_REDIS_PASSWORD: cache.redis.password: given twice, by WEIR_CACHE_REDIS_PASSWORD and WEIR_CACHE_REDIS_PASSWORD_FILE: leave one',
    ],
    [
      { WEIR_PROCESSING_BATCH_SIZE: 'many' },
      'env WEIR_PROCESSING_BATCH_SIZE: processing.batch_size: expected a whole number from 1 to 100000, found "many"',
    ],
    [
      { WEIR_KAFKA_BROKERS: '[a:1, {b: 2}]' },
      'env WEIR_KAFKA_BROKERS: kafka.brokers[1]: expected host:port, found a mapping',
    ],
    [{ WEIR_METRICS: '[]' }, /^env WEIR_METRICS: no key has this name/],
  ])('%j is a fault', (given, fault) => {
    expect(shown(faultsOf(null, { env: given }))).toEqual([
      typeof fault === 'string' ? fault : expect.stringMatching(fault),
    ]);
  });

  test('what Kubernetes says about services of the same name is not taken for ours', () => {
    const links = {
      WEIR_SERVICE_HOST: '10.0.0.1',
      WEIR_SERVICE_PORT: '8080',
      WEIR_SERVICE_PORT_HTTP: '8080',
      WEIR_PORT: 'tcp://10.0.0.1:8080',
      WEIR_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
      WEIR_PORT_8080_TCP_ADDR: '10.0.0.1',
      WEIR_REDIS_PORT_6379_TCP_PROTO: 'tcp',
    };
    expect(resolved(null, { env: links }).config).toEqual(resolved(null).config);
  });

  test('every key has a name of its own', () => {
    const names = documentKeys.flatMap(({ env: own }) => own);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('WEIR_PROCESSING_BATCH_SIZE');
    expect(envName('kafka.consumer.group_id')).toBe('WEIR_KAFKA_CONSUMER_GROUP_ID');
  });
});

describe('a session timeout in two places', () => {
  const both =
    'kafka: {consumer: {session_timeout: 20s}}\nconsumer_group: {session_timeout: 30s, rebalance_timeout: 40s}\n';

  test('the one of kafka.consumer holds, with a warning', () => {
    const { config, warnings } = resolved(both);
    expect([config.kafka.sessionTimeoutMs, config.kafka.rebalanceTimeoutMs]).toEqual([20_000, 40_000]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /yaml:2:35: consumer_group.session_timeout says 30s, but kafka.consumer.session_timeout says 20s \(.*yaml:1:37\)/,
      ),
    ]);
  });

  test('the same said twice, in other words, is no reason to warn', () => {
    expect(resolved(both.replace('session_timeout: 30s', 'session_timeout: 20000ms')).warnings).toEqual([]);
  });

  test('a higher place wins, whichever of the two names it uses', () => {
    const { config, warnings } = resolved(both, { env: { WEIR_CONSUMER_GROUP_SESSION_TIMEOUT: '25s' } });
    expect(config.kafka.sessionTimeoutMs).toBe(25_000);
    expect(warnings).toHaveLength(1);
  });
});

describe('strategies', () => {
  test.each([
    ['{}', ['Sticky', 'RoundRobin']],
    ['partition_assignment: {strategy: roundrobin}', ['RoundRobin', 'Sticky']],
    ['consumer_group: {strategy: ROUNDROBIN}', ['RoundRobin', 'Sticky']],
    ['consumer_group: {strategy: RoundRobin}\npartition_assignment: {strategy: sticky}', ['Sticky', 'RoundRobin']],
    ['consumer_group: {strategy: Sticky}\npartition_assignment: {strategy: RoundRobin}', ['RoundRobin', 'Sticky']],
  ])('%j offers %j', (text, strategies) => {
    expect(resolved(text).config.kafka.strategies).toEqual(strategies);
  });
});
