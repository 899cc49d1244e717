import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configRows, inline, keyRows, keysMarkdown } from '../../../src/config/describe.js';
import { resolved } from './loading.js';

describe('the values with where they came from', () => {
  const rows = configRows(
    resolved('cache: {redis: {password: hunter2}}\nprocessing: {batch_size: 7}', {
      env: {
        WEIR_KAFKA_SASL_USERNAME: 'u',
        WEIR_KAFKA_SASL_PASSWORD: 'swordfish',
        WEIR_KAFKA_SASL_MECHANISM: 'scram-sha-256',
      },
    }),
  );
  const row = (key: string): unknown => rows.find((one) => one.key === key);

  test('have a row for each key', () => {
    expect(rows.map(({ key }) => key)).toEqual(keyRows().map(({ key }) => key));
  });

  test('name the origin', () => {
    expect(row('processing.batch_size')).toMatchObject({ value: 7, origin: { from: 'file', line: 2, column: 26 } });
    expect(row('kafka.sasl.username')).toMatchObject({
      value: 'u',
      origin: { from: 'env', name: 'WEIR_KAFKA_SASL_USERNAME' },
    });
    expect(row('dedupe.window')).toMatchObject({ value: '90s', origin: { from: 'default' } });
    expect(row('rules.path')).toMatchObject({ value: null, origin: { from: 'default' } });
  });

  test('mask secrets, and only those that are set', () => {
    expect(JSON.stringify(rows)).not.toMatch(/hunter2|swordfish/);
    expect(row('cache.redis.password')).toMatchObject({ value: '********' });
    expect(row('kafka.sasl.password')).toMatchObject({ value: '********' });
    expect(row('kafka.ssl.key')).toMatchObject({ value: null });
  });

  test('written into a file again, they say the same', () => {
    const given = resolved(
      'dedupe: {window: 100s}\nrules: {path: "a, b"}\nlimits: {max_value: 1000B}\nconsumer_group: {strategy: RoundRobin}',
    );
    const lines = configRows(given).filter(({ value }) => value !== null);
    const flags = lines.map(({ key, value }) => ({
      name: '-',
      path: key,
      text: Array.isArray(value) ? inline(value) : String(value),
    }));
    expect(resolved(null, { flags }).config).toEqual(given.config);
  });
});

describe('a value in one line', () => {
  test.each([
    ['a', 'a'],
    ['/metrics', '/metrics'],
    ['30s', '30s'],
    ['°C', '"°C"'],
    ['true: no', '"true: no"'],
    [['a:1', 2], '[a:1, 2]'],
    [{ name: 't', max: 1 }, '{name: t, max: 1}'],
    [false, 'false'],
  ])('%j is %s', (value, text) => {
    expect(inline(value)).toBe(text);
  });
});

describe('docs/config.md', () => {
  const docs = readFileSync(new URL('../../../docs/config.md', import.meta.url), 'utf8');

  test('has the table of keys as `weir config keys --markdown` prints it', () => {
    expect(docs).toContain(keysMarkdown(keyRows()));
  });
});
