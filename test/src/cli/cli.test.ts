import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { weir } from './run-weir.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fileWith = (text: string): string => {
  const file = join(folder, 'weir.yaml');
  writeFileSync(file, text);
  return file;
};

/** Nothing listens there. */
const nobody = '127.0.0.1:1';

describe('the command line', () => {
  beforeEach(() => {
    for (const name of ['KAFKA_BROKERS', 'REDIS_ENDPOINT', 'WEIR_CONFIG']) vi.stubEnv(name, undefined);
    return () => vi.unstubAllEnvs();
  });

  it.each([
    [[]],
    [['run']],
    [['demo']],
    [['check']],
    [['produce']],
    [['config']],
    [['config', 'print']],
    [['config', 'keys']],
  ])('helps with %j, and says what its exit codes mean', async (command) => {
    const { usage, out, err } = await weir(...command, '--help');
    expect([usage, err]).toEqual([0, '']);
    expect(out).toContain(`Usage: ${['weir', ...command].join(' ')}`);
    for (const code of [/ 0 {3}done/, / 1 {3}a fault/, / 2 {3}the command line/, / 78 {2}the configuration/])
      expect(out).toMatch(code);
  });

  it.each([
    ['an unknown command', ['fly'], "unknown command 'fly'"],
    ['an unknown flag', ['run', '--fast'], "unknown option '--fast'"],
    ['a rate that is none', ['produce', '--rate', 'fast'], 'Expected a whole number from 0'],
    ['a share above one', ['produce', '--bad', '7'], 'Expected a share from 0 to 1'],
    ['a duration without a unit', ['produce', '--duration', '30'], 'Expected a time with its unit'],
    ['a start without a zone', ['produce', '--start', '2026-01-02T03:04:05'], 'Expected a time with its zone'],
    ['a shape nobody sends', ['produce', '--shape', 'round'], 'Allowed choices are nested, flat, envelope, mixed'],
    ['a seed below zero', ['demo', '--seed', '-1'], '-1'],
  ])('refuses %s as a mistake of usage', async (_what, args, words) => {
    const { usage, code, err } = await weir(...args);
    expect([usage === 0, code]).toEqual([false, null]);
    expect(err).toContain(words);
  });

  it('refuses flags of produce that contradict each other before it asks anybody', async () => {
    const shares = await weir('produce', '--brokers', nobody, '--bad', '0.6', '--late', '0.6');
    expect([shares.code, shares.err]).toEqual([2, expect.stringContaining('add up to more than 1')]);
    const endless = await weir('produce', '--brokers', nobody, '--speed', '60');
    expect([endless.code, endless.err]).toEqual([2, expect.stringContaining('--count or --duration')]);
  });

  it('lets produce write to one topic alone, and says so', async () => {
    const { code, out, err } = await weir('produce', '--brokers', nobody, '--topic', 'a,b');
    expect([code, out]).toEqual([2, '']);
    expect(err).toBe('weir: --topic: records are written to one topic, not to 2: a, b\n');
    expect((await weir('produce', '--help')).out).toMatch(/--topic <name> +the one topic written to/);
  });

  it.each(['run', 'demo', 'check', 'produce'])(
    '%s tells every fault of the configuration at once, with its place',
    async (command) => {
      const file = fileWith(
        'kafka:\n  brokerz: [a:1]\n  consumer:\n    session_timeout: soon\nprocessing:\n  batch_size: -3\n',
      );
      const { code, out, err } = await weir(command, '--config', file);
      expect([code, out]).toEqual([78, '']);
      for (const place of [`${file}:2:3`, `${file}:4:22`, `${file}:6:15`]) expect(err).toContain(place);
      expect(err).toContain('brokers');
      expect(err).toContain('3 faults in the configuration');
    },
  );

  it('tells a fault of a flag as a mistake of usage, and a file that is not there as one of configuration', async () => {
    expect((await weir('check', '--http-port', 'x')).code).toBe(2);
    expect((await weir('check', '--config', join(folder, 'nowhere.yaml'))).code).toBe(78);
  });

  it('gives the faults as JSON where JSON was asked for', async () => {
    const { code, out, err } = await weir('check', '--json', '--config', fileWith('nonsense: 1\n'));
    expect([code, err]).toEqual([78, '']);
    expect(JSON.parse(out)).toMatchObject({ faults: [{ message: expect.stringContaining('nonsense') as string }] });
  });

  it('checks what can not be reached, says so, and ends with a fault', async () => {
    const { code, out } = await weir('check', '--brokers', nobody, '--redis', nobody);
    expect(code).toBe(1);
    expect(out).toMatch(/^ok +configuration/m);
    expect(out).toMatch(/^fault +kafka 127\.0\.0\.1:1/m);
    expect(out).toMatch(/^fault +redis 127\.0\.0\.1:1/m);
    const asJson = await weir('check', '--json', '--brokers', nobody, '--redis', nobody);
    const { isSound, findings } = JSON.parse(asJson.out) as { isSound: boolean; findings: { verdict: string }[] };
    expect([asJson.code, isSound, findings.map(({ verdict }) => verdict)]).toEqual([
      1,
      false,
      ['ok', 'ok', 'fault', 'fault'],
    ]);
  });

  it('checks the rules that it is told of, too', async () => {
    const rules = fileWith('version: 1\nmetrics:\n  t: {}\nalerts:\n  - { id: a, on: u, above: { raise: 1 } }\n');
    const { code, out } = await weir('check', '--rules', rules, '--brokers', nobody, '--redis', nobody);
    expect(code).toBe(78);
    expect(out).toMatch(/^fault +rules .*:5:\d+: alerts\[0\]\.on: there is no metric u/m);
    const sound = await weir('check', '--brokers', nobody, '--redis', nobody);
    expect(sound.out).toMatch(/^ok +rules +the starter pack \(/m);
  });

  it('prints every value with where it came from, and no secret', async () => {
    vi.stubEnv('KAFKA_BROKERS', 'k1:9092,k2:9092');
    const file = fileWith('cache:\n  redis:\n    password: hunter2\n    pool_size: 7\n');
    const { code, out } = await weir('config', 'print', '--config', file, '--topic', 'mine');
    expect(code).toBe(0);
    expect(out).toMatch(/^kafka\.brokers +env KAFKA_BROKERS +.*k1:9092/m);
    expect(out).toMatch(/^kafka\.consumer\.topics +\S* ?--topic +.*mine/m);
    expect(out).toMatch(new RegExp(`^cache\\.redis\\.pool_size +${file}:4:16 +7`, 'm'));
    expect(out).toMatch(/^processing\.batch_size +default +500/m);
    expect(out).toMatch(/^cache\.redis\.password +\S+:3:15 +\S+/m);
    expect(out).not.toContain('hunter2');
    const asJson = await weir('config', 'print', '--json', '--config', file);
    expect(asJson.out).not.toContain('hunter2');
    const { values } = JSON.parse(asJson.out) as { values: { key: string; value: unknown }[] };
    expect(values).toContainEqual(expect.objectContaining({ key: 'cache.redis.pool_size', value: 7 }));
  });
});
