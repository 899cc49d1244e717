import { isLeft } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { showFault } from '../../../src/config/faults.js';
import { loadConfig } from '../../../src/config/load.js';
import { faultsOf, resolved, shown } from './loading.js';

const told = (text: string | Buffer, around?: Parameters<typeof faultsOf>[1]): readonly string[] =>
  shown(faultsOf(text, around));

describe('a fault names its place, what was expected and what was found', () => {
  test.each<readonly [what: string, yaml: string, fault: string]>([
    [
      'a duration without its unit',
      'dedupe:\n  window: 30\n',
      'weir.yaml:2:11: dedupe.window: a unit is missing: did you mean 30s?; expected a duration with its unit, such as 250ms, 30s or 5m, from 0ms to 7d, found 30',
    ],
    [
      'a duration out of range',
      'dedupe: {window: 8d}\n',
      'weir.yaml:1:18: dedupe.window: expected a duration with its unit, such as 250ms, 30s or 5m, from 0ms to 7d, found "8d"',
    ],
    [
      'a size without its unit',
      'limits:\n  max_value: "65536"\n',
      'weir.yaml:2:14: limits.max_value: a unit is missing: did you mean 65536KiB?; expected a size with its unit, such as 64KiB or 4MiB, from 16B to 64MiB, found "65536"',
    ],
    [
      'a number in quotes',
      'processing:\n  batch_size: "5"',
      'weir.yaml:2:15: processing.batch_size: it is a text: leave out the quotes; expected a whole number from 1 to 100000, found "5"',
    ],
    [
      'a number out of range',
      'processing: {batch_size: 0}',
      'weir.yaml:1:26: processing.batch_size: expected a whole number from 1 to 100000, found 0',
    ],
    [
      'a fraction',
      'processing: {batch_size: 1.5}',
      'weir.yaml:1:26: processing.batch_size: expected a whole number from 1 to 100000, found 1.5',
    ],
    [
      'a text without quotes',
      'kafka: {client_id: 17}',
      'weir.yaml:1:20: kafka.client_id: it is no text: put it in quotes; expected a name of 1 to 128 letters, digits, dots, underscores, colons or dashes, found 17',
    ],
    [
      'a word that is none of the choices',
      'log: {level: loud}',
      'weir.yaml:1:14: log.level: expected trace, debug, info, warn, error or silent, found "loud"',
    ],
    [
      'a text for a list',
      'kafka: {brokers: "a:1"}',
      'weir.yaml:1:18: kafka.brokers: it must be a list, even of one; expected a list of host:port, found "a:1"',
    ],
    [
      'an empty list',
      'kafka: {brokers: []}',
      'weir.yaml:1:18: kafka.brokers: the list is empty; expected a list of host:port, found an empty list',
    ],
    [
      'an element of a list',
      'kafka:\n  brokers:\n    - a:1\n    - b\n',
      'weir.yaml:4:7: kafka.brokers[1]: expected host:port, found "b"',
    ],
    [
      'a port that there is not',
      'kafka: {brokers: ["a:65536"]}',
      'weir.yaml:1:19: kafka.brokers[0]: expected host:port, found "a:65536"',
    ],
    [
      'the same twice in a list',
      'kafka: {brokers: ["a:1", "b:1", "a:1"]}',
      'weir.yaml:1:33: kafka.brokers[2]: a:1 is in the list already, at place 1',
    ],
    [
      'a key without a value',
      'kafka:\n  consumer:\n    topics:\n',
      'weir.yaml:3:5: kafka.consumer.topics: expected a list of topics, found nothing',
    ],
    ['a section that is none', 'kafka: 5', 'weir.yaml:1:8: kafka: expected a mapping of keys to values, found 5'],
    [
      'a list where the file should be',
      '- a\n- b\n',
      'weir.yaml:1:1: expected a mapping of keys to values, found ["a", "b"]',
    ],
    ['a text where the file should be', 'hello', 'weir.yaml:1:1: expected a mapping of keys to values, found "hello"'],
    [
      'a section of the rules, which have a file of their own',
      'metrics: []\n',
      'weir.yaml:1:1: metrics: there is no such key',
    ],
    ['a stranger with an anchor', 'x: &a 0\n', 'weir.yaml:1:1: x: there is no such key'],
    [
      'a value behind an alias',
      'http: {port: &p -1}\nmonitoring: {prometheus: {port: *p}}',
      'weir.yaml:1:17: http.port: expected a whole number from 0 to 65535, found -1',
    ],
  ])('%s', (_what, yaml, fault) => {
    expect(told(yaml)[0]).toBe(fault);
  });

  test('every fault is told at once, in the order of the file', () => {
    const faults = told('http: {port: x}\nlog: {level: loud}\nkafka:\n  consumer: {group_id: "a b"}\n', {
      env: { WEIR_DEDUPE_WINDOW: '5' },
      flags: [{ name: '--redis', path: 'cache.redis.endpoints', text: 'nowhere' }],
    });
    expect(faults.map((fault) => fault.split(': ').slice(0, 2).join(' '))).toEqual([
      'weir.yaml:1:14 http.port',
      'weir.yaml:2:14 log.level',
      'weir.yaml:4:24 kafka.consumer.group_id',
      'env WEIR_DEDUPE_WINDOW dedupe.window',
      '--redis cache.redis.endpoints[0]',
    ]);
  });
});

describe('a misspelt key', () => {
  test.each([
    ['kafka: {broker: []}', 'weir.yaml:1:9: kafka.broker: there is no such key; did you mean kafka.brokers?'],
    [
      'kafka:\n  consumer:\n    groupId: x',
      'weir.yaml:3:5: kafka.consumer.groupId: there is no such key; did you mean kafka.consumer.group_id?',
    ],
    [
      'kafka:\n  consumer:\n    session-timeout: 3s',
      'weir.yaml:3:5: kafka.consumer.session-timeout: there is no such key; did you mean kafka.consumer.session_timeout?',
    ],
    ['procesing: {batch_size: 5}', 'weir.yaml:1:1: procesing: there is no such key; did you mean processing?'],
    [
      'kafka: {group_id: x}',
      'weir.yaml:1:9: kafka.group_id: there is no such key; did you mean kafka.consumer.group_id?',
    ],
    ['redis: {}', 'weir.yaml:1:1: redis: there is no such key; did you mean cache.redis?'],
    ['__proto__: {a: 1}', 'weir.yaml:1:1: __proto__: there is no such key'],
    ['entirely_else: 1', 'weir.yaml:1:1: entirely_else: there is no such key'],
  ])('%j', (yaml, fault) => {
    expect(told(yaml)).toEqual([fault]);
  });
});

describe('what is no configuration', () => {
  test.each<readonly [what: string, text: string | Buffer, fault: RegExp]>([
    ['a key given twice', 'kafka: {}\nhttp: {}\nkafka: {}\n', /^weir.yaml:3:1: this key is there already/],
    ['a tab', 'kafka:\n\tbrokers: []\n', /^weir.yaml:2:1: a tab can't indent/],
    ['an open bracket', 'kafka: {brokers: [a:1\n', /^weir.yaml:\d+:\d+: not YAML: /],
    ['several documents', 'http: {}\n---\nkafka: {}\n', /^weir.yaml:\d:1: the file holds several documents/],
    [
      'bytes that are no text',
      Buffer.from([0x6b, 0x3a, 0x20, 0xff, 0xfe]),
      /^weir.yaml:1:1: the file is not UTF-8 text/,
    ],
    ['an alias without an anchor', 'http: *nowhere', /^weir.yaml:1:7: no anchor &nowhere stands before this alias/],
    ['an unknown tag', 'http: !secret x', /^weir.yaml:1:7: not YAML: Unresolved tag/],
    ['more than a megabyte', `# ${'x'.repeat(1_100_000)}`, /^weir.yaml:1:1: the file has more than 1048576 bytes/],
    [
      'aliases that unfold without end',
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        ...'bcdefgh'.split('').map(
          (name, i) =>
            `${name}: &${name} [${Array(9)
              .fill(`*${'abcdefgh'[i] ?? ''}`)
              .join(',')}]`,
        ),
      ].join('\n'),
      /^weir.yaml:1:1: aliases stand for too much/,
    ],
  ])('%s', (_what, text, fault) => {
    expect(told(text)[0]).toMatch(fault);
  });

  test('a file that is not there', () => {
    const loaded = loadConfig({ file: '/nowhere/weir.yaml', env: {}, flags: [] });
    expect(isLeft(loaded) && loaded.left.map(showFault)).toEqual([
      expect.stringMatching(/^\/nowhere\/weir.yaml:1:1: the file can't be read: ENOENT/),
    ]);
  });
});

describe('a file that says nothing', () => {
  test.each(['', '\n\n', '# only a comment\n', '---\n', 'kafka:\n  consumer:\nhttp: {}\n', '{}'])(
    '%j is the defaults',
    (text) => {
      expect(resolved(text).config).toEqual(resolved(null).config);
    },
  );
});

describe('a secret', () => {
  test('is not shown in a fault about it', () => {
    const faults = told(
      'cache: {redis: {password: 4711}}\nkafka: {sasl: {mechanism: plain, username: u, password: [hunter2]}}',
    );
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toMatch(/4711|hunter2/);
  });
});
