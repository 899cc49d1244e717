import { readdirSync } from 'node:fs';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { showFault } from '../../../src/config/faults.js';
import { loadConfig } from '../../../src/config/load.js';

const folder = new URL('../../../examples/', import.meta.url);
const secrets = { WEIR_KAFKA_SASL_PASSWORD: 'kafka', WEIR_CACHE_REDIS_PASSWORD: 'redis' };

describe('every example is valid and says nothing strange', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

  test.each(names)('%s', (name) => {
    const env = name === 'secured.yaml' ? secrets : {};
    const loaded = loadConfig({ file: new URL(name, folder).pathname, env, flags: [] });
    expect(isRight(loaded) ? loaded.right.warnings : loaded.left.map(showFault)).toEqual([]);
  });

  test('the secured one does not run without its passwords', () => {
    const loaded = loadConfig({ file: new URL('secured.yaml', folder).pathname, env: {}, flags: [] });
    expect(isRight(loaded) ? [] : loaded.left.map(({ key, problem }) => [key, problem])).toEqual([
      ['kafka.sasl.mechanism', 'kafka.sasl.password must be given too'],
    ]);
  });
});
