import { readdirSync, readFileSync } from 'node:fs';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { showFault } from '../../../src/config/faults.js';
import { loadConfig } from '../../../src/config/load.js';
import { loadRules } from '../../../src/rules/load.js';
import { resolved } from './loading.js';

const folder = new URL('../../../examples/', import.meta.url);
const secrets = { WEIR_KAFKA_SASL_PASSWORD: 'kafka', WEIR_CACHE_REDIS_PASSWORD: 'redis' };

describe('every example is valid and says nothing strange', () => {
  const all = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const rules = all.filter((name) => name.endsWith('.rules.yaml'));
  const names = all.filter((name) => !rules.includes(name));

  test.each(names)('%s', (name) => {
    const env = name === 'secured.yaml' ? secrets : {};
    const loaded = loadConfig({ file: new URL(name, folder).pathname, env, flags: [] });
    expect(isRight(loaded) ? loaded.right.warnings : loaded.left.map(showFault)).toEqual([]);
  });

  test.each(rules)('%s', (name) => {
    const loaded = loadRules(new URL(name, folder).pathname);
    expect(isRight(loaded) ? loaded.right.warnings : loaded.left.map(showFault)).toEqual([]);
  });

  test('the plain one names rules that are there', () => {
    const { config } = resolved(readFileSync(new URL('weir.yaml', folder), 'utf8'));
    expect(rules.map((name) => `examples/${name}`)).toContain(config.rules.path);
  });

  test('the secured one does not run without its passwords', () => {
    const loaded = loadConfig({ file: new URL('secured.yaml', folder).pathname, env: {}, flags: [] });
    expect(isRight(loaded) ? [] : loaded.left.map(({ key, problem }) => [key, problem])).toEqual([
      ['kafka.sasl.mechanism', 'kafka.sasl.password must be given too'],
    ]);
  });
});
