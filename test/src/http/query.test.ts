import type * as t from 'io-ts';
import { describe, expect, test } from 'vitest';
import { HttpFault } from '../../../src/http/answer.js';
import { alertsQuery, decodeQuery, devicesQuery, noQuery, windowsQuery } from '../../../src/http/query.js';

describe('decodeQuery', () => {
  const decoded = <P extends t.Props>(codec: t.ExactC<t.PartialC<P>>, text: string): unknown =>
    decodeQuery(codec, new URLSearchParams(text));
  const refused = (decode: () => unknown): string => {
    try {
      decode();
    } catch (cause) {
      if (cause instanceof HttpFault && cause.status === 400 && cause.code === 'bad_query') return cause.message;
      throw cause;
    }
    return 'accepted';
  };

  test('reads what each path knows', () => {
    expect(decoded(devicesQuery, 'limit=1000&after=%E8%BD%A6-1')).toEqual({ limit: 1000, after: '车-1' });
    expect(decoded(windowsQuery, 'rule=minute&metric=temperature&from=0&to=1767323045000')).toEqual({
      rule: 'minute',
      metric: 'temperature',
      from: 0,
      to: 1_767_323_045_000,
    });
    expect(decoded(alertsQuery, 'state=cleared')).toEqual({ state: 'cleared' });
    expect(decoded(alertsQuery, '')).toEqual({});
  });

  test.each([
    ['limit=0', '"limit" must be a whole number from 1 to 1000, not "0"'],
    ['limit=1001', '"limit" must be a whole number from 1 to 1000, not "1001"'],
    ['limit=1.5', '"limit" must be a whole number from 1 to 1000, not "1.5"'],
    ['limit=', '"limit" must be a whole number from 1 to 1000, not ""'],
    ['limit=1e2', '"limit" must be a whole number from 1 to 1000, not "1e2"'],
    ['after=', '"after" must be a text of 1 to 256 characters, not ""'],
    ['limit=1&limit=2', '"limit" is given more than once'],
    ['limits=1', 'unknown parameter "limits" (known: limit, after)'],
    ['__proto__=1', 'unknown parameter "__proto__" (known: limit, after)'],
  ])('refuses %s', (text, message) => {
    expect(refused(() => decoded(devicesQuery, text))).toBe(message);
  });

  test('names every fault at once', () => {
    expect(refused(() => decoded(windowsQuery, 'from=now&to=2026-01-01&x=1'))).toBe(
      'unknown parameter "x" (known: rule, metric, from, to, limit); "from" must be a time in epoch milliseconds, not "now"; "to" must be a time in epoch milliseconds, not "2026-01-01"',
    );
    expect(decoded(alertsQuery, 'state=open')).toEqual({ state: 'open' });
    expect(refused(() => decoded(alertsQuery, 'state=over'))).toBe(
      '"state" must be open, active, recovering or cleared, not "over"',
    );
    expect(refused(() => decodeQuery(noQuery, new URLSearchParams('a=1')))).toBe('unknown parameter "a" (known: none)');
  });
});
