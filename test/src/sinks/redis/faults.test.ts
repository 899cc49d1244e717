import { describe, expect, it } from 'vitest';
import { asRedisError, judge } from '../../../../src/sinks/redis/faults.js';

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

describe('judge', () => {
  it.each([
    ['LOADING Redis is loading the dataset in memory', false],
    ['BUSY Redis is busy running a script.', false],
    ['TRYAGAIN Multiple keys request during rehashing of slot', false],
    ['CLUSTERDOWN The cluster is down', false],
    ['ASK 866 127.0.0.1:7001', false],
    ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", true],
  ])('tries again what passes: %s', (message, reconnect) => {
    expect(judge(reply(message))).toMatchObject({ _tag: 'retry', reconnect });
  });

  it.each(['Connection is closed.', 'Reached the max retries per request limit (which is 0).', 'OOM of somebody else'])(
    'tries again when it was not the server that spoke: %s',
    (message) => {
      expect(judge(new Error(message))).toMatchObject({ _tag: 'retry', message });
    },
  );

  it.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", /raise it/, false],
    ['MISCONF Redis is configured to save RDB snapshots, but ...', /disk/, false],
    ['NOREPLICAS Not enough good replicas to write.', /bring them back/, false],
    ["READONLY You can't write against a read only replica.", /failover/, true],
  ])('takes a no for one that may change: %s', (message, advice, reconnect) => {
    const verdict = judge(reply(message));
    expect(verdict).toMatchObject({ _tag: 'refused', reconnect });
    expect(verdict.message).toMatch(advice);
  });

  it.each([
    ['WRONGTYPE k holds a string', /rename or delete/],
    ['NOPERM this user has no permissions', /permission/],
    ["ERR The user executing the script can't run this command or subcommand script: x", /^NOPERM .*permission/],
    ['NOAUTH Authentication required.', /redis\.password/],
    ['WRONGPASS invalid username-password pair', /correct/],
    ['MOVED 866 127.0.0.1:7001', /redis\.mode/],
    ['ERR unknown command', /log of Redis/],
  ])('takes a no for one that waiting does not change: %s', (message, advice) => {
    const verdict = judge(reply(message));
    expect(verdict._tag).toBe('forbidden');
    expect(verdict.message).toMatch(advice);
  });

  it('looks at what the last node of a cluster said', () => {
    const lastNodeError = reply('WRONGPASS invalid username-password pair');
    const error = Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError });
    expect(judge(error)._tag).toBe('forbidden');
    expect(asRedisError(error, 'redis x')).toMatchObject({ code: 'redis_refused' });
    expect(asRedisError(new Error('connect ECONNREFUSED'), 'redis x')).toMatchObject({ code: 'redis_unreachable' });
  });
});
