import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/defaults.js';
import type { ServiceEvent } from '../../../src/events.js';
import { RulesInForce } from '../../../src/rules/in-force.js';
import { RuleFile } from '../../../src/rules/rule-file.js';
import type { RuleLog } from '../../../src/rules/rule-log.js';
import { ServiceError } from '../../../src/service-error.js';
import { memoryRuleLog } from '../../../src/sinks/memory/rule-log.js';
import { tags, until } from '../service/rig.js';

const rulesWith = (raise: number): string => `version: 1
metrics:
  temperature: { unit: °C, range: [-50, 150] }
windows: []
alerts:
  - { id: hot, on: temperature, above: { raise: ${raise}, clear: 10 }, severity: warning }
`;
const bad = `version: 1
metrics:
  temperature: { unit: °C, range: [50, -50] }
alerts:
  - { id: hot, on: temprature, above: { raise: 40, clear: 10 } }
`;

describe('the rules in force', () => {
  let folder = '';
  let log: RuleLog = memoryRuleLog();
  const members: RulesInForce[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-rules-'));
    log = memoryRuleLog();
  });
  afterEach(async () => {
    for (const member of members.splice(0)) await member.close();
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string): string => {
    const path = join(folder, `${name}.rules.yaml`);
    writeFileSync(path, text);
    return path;
  };
  const events = new Map<RulesInForce, ServiceEvent[]>();
  const made = (path: string): RulesInForce => {
    const told: ServiceEvent[] = [];
    const report = (event: ServiceEvent): void => void told.push(event);
    const member = new RulesInForce({
      file: new RuleFile(path),
      door: defaultConfig().pipeline,
      log,
      report,
      lookEveryMs: 5,
    });
    events.set(member, told);
    members.push(member);
    return member;
  };
  const opened = async (path: string): Promise<RulesInForce> => {
    const member = made(path);
    await member.open();
    return member;
  };
  const said = (member: RulesInForce): readonly string[] => tags(events.get(member) ?? []);
  const raiseOf = ({ rules }: RulesInForce): unknown => rules.alerts[0]?.levels[0]?.raise.text;
  const above = (level: number) => `> ${level}`;

  it('are those of the file when the group has none, and the group has them then', async () => {
    const member = await opened(write('a', rulesWith(40)));
    expect(member.current).toMatchObject({ sequence: 1, version: member.rules.version });
    await expect(log.newest()).resolves.toMatchObject({ sequence: 1, version: member.rules.version });
    expect(said(member)).toEqual(['rules_activated']);
  });

  it('change with the content of the file, everywhere in the group', async () => {
    const path = write('a', rulesWith(40));
    const [member, other] = [await opened(path), await opened(write('b', rulesWith(40)))];
    writeFileSync(path, rulesWith(41));
    await until('both have them', () => [member, other].every(({ current }) => current.sequence === 2));
    expect([raiseOf(member), raiseOf(other)]).toEqual([above(41), above(41)]);
    expect(other.lastReload).toMatchObject({ cause: 'group', isGood: true });
  });

  it('do not change with layout and comments', async () => {
    const path = write('a', rulesWith(40));
    const member = await opened(path);
    writeFileSync(path, `# higher\n${rulesWith(40)}`);
    await until('it was looked at', () => member.lastReload.cause === 'file');
    expect(member.current.sequence).toBe(1);
  });

  it('follow links that point elsewhere, as Kubernetes mounts files', async () => {
    for (const [name, raise] of [
      ['old', 40],
      ['new', 42],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'a.rules.yaml'), rulesWith(raise));
    }
    symlinkSync('old', join(folder, 'data'));
    symlinkSync(join('data', 'a.rules.yaml'), join(folder, 'a.rules.yaml'));
    const member = await opened(folder);
    symlinkSync('new', join(folder, 'data.tmp'));
    renameSync(join(folder, 'data.tmp'), join(folder, 'data'));
    await until('they are taken', () => member.current.sequence === 2);
    expect(raiseOf(member)).toEqual(above(42));
  });

  it('go on when the file is at fault: every fault is told once, and a good file heals it', async () => {
    const path = write('a', rulesWith(40));
    const member = await opened(path);
    writeFileSync(path, bad);
    await until('it is refused', () => said(member).includes('rules_refused'));
    await until('it was looked at again', () => new Promise((resolve) => setTimeout(() => resolve(true), 40)));
    expect(said(member).filter((tag) => tag === 'rules_refused')).toHaveLength(1);
    expect(member.lastReload).toMatchObject({ isGood: false, cause: 'file' });
    expect(member.lastReload.faults).toHaveLength(2);
    expect(raiseOf(member)).toEqual(above(40));
    unlinkSync(path);
    await until('that is refused, too', () => member.lastReload.faults.length === 1);
    writeFileSync(path, rulesWith(40));
    await until('it is healed', () => member.lastReload.isGood);
    expect(member.current.sequence).toBe(1);
  });

  it('go back to older ones when somebody asks for it', async () => {
    const path = write('a', rulesWith(40));
    const member = await opened(path);
    writeFileSync(path, rulesWith(41));
    await expect(member.reload('request')).resolves.toMatchObject({ _tag: 'in_force', isChanged: true });
    await expect(member.reload('request')).resolves.toMatchObject({ _tag: 'in_force', isChanged: false });
    writeFileSync(path, rulesWith(40));
    await expect(member.reload('signal')).resolves.toMatchObject({ active: { sequence: 3 } });
    expect(raiseOf(member)).toEqual(above(40));
    writeFileSync(path, bad);
    await expect(member.reload('request')).resolves.toMatchObject({ _tag: 'refused', faults: { length: 2 } });
    expect(member.current.sequence).toBe(3);
  });

  it('are not brought back by a member with older files, which says so', async () => {
    const path = write('a', rulesWith(40));
    await opened(path);
    writeFileSync(path, rulesWith(41));
    await until('they are in force', async () => (await log.newest())?.sequence === 2);
    const late = await opened(write('b', rulesWith(40)));
    expect([raiseOf(late), late.current.sequence]).toEqual([above(41), 2]);
    expect(said(late)).toContain('rules_outdated');
    await expect(log.newest()).resolves.toMatchObject({ sequence: 2 });
  });

  it('are those of a member with files that were never seen', async () => {
    const first = await opened(write('a', rulesWith(40)));
    const second = await opened(write('b', rulesWith(41)));
    await until('the first one has them', () => first.current.sequence === 2);
    expect([raiseOf(first), raiseOf(second)]).toEqual([above(41), above(41)]);
  });

  it('are those of the group for a member whose file is at fault, and nothing without a group', async () => {
    const path = write('bad', bad);
    await expect(opened(path)).rejects.toThrow(ServiceError);
    await opened(write('a', rulesWith(40)));
    const member = await opened(path);
    expect(raiseOf(member)).toEqual(above(40));
    expect(member.lastReload).toMatchObject({ cause: 'start', isGood: false });
  });

  it('go on where those of the group do not compile', async () => {
    const member = await opened(write('a', rulesWith(40)));
    await log.activate({ version: 'newer', text: JSON.stringify([{ name: 'x', text: 'version: 2' }]) });
    await until('they are refused', () => said(member).includes('rules_refused'));
    expect(member.current.sequence).toBe(1);
    await expect(member.catchUp(1)).resolves.toBe('ready');
    await expect(member.catchUp(2)).resolves.toBe('behind');
    await expect(member.reload('request')).resolves.toMatchObject({ active: { sequence: 3 } });
    await expect(member.catchUp(2)).resolves.toBe('ready');
  });

  it('are put in force again when the store has lost them', async () => {
    const path = write('a', rulesWith(40));
    const held = { log };
    const behind: RuleLog = {
      active: () => held.log.active(),
      newest: () => held.log.newest(),
      activate: (rules) => held.log.activate(rules),
      history: () => held.log.history(),
      close: () => Promise.resolve(),
    };
    log = behind;
    const member = await opened(path);
    writeFileSync(path, rulesWith(41));
    await until('they are in force', () => member.current.sequence === 2);
    held.log = memoryRuleLog();
    await until('they are there again', async () => (await held.log.newest())?.version === member.current.version);
    await until('it knows their number', () => member.current.sequence === 1);
    expect(said(member)).toContain('rules_rolled_back');
    await expect(member.catchUp(2)).resolves.toBe('lost');
  });

  it('are asked for again at the start when the store is away for a moment, and not when it is ill', async () => {
    const known = log;
    const faults = [new ServiceError('redis_unreachable', 'away'), new ServiceError('redis_unreachable', 'away')];
    const active = (): ReturnType<RuleLog['active']> => {
      const fault = faults.pop();
      return fault === undefined ? known.active() : Promise.reject(fault);
    };
    log = { ...known, active };
    const path = write('a', rulesWith(40));
    const member = await opened(path);
    expect([member.current.sequence, faults.length]).toEqual([1, 0]);
    faults.push(new ServiceError('state_corrupt', 'ill'));
    await expect(opened(path)).rejects.toThrow('ill');
  });

  it('go on while the log can not be asked, which is told once, and catch up after it', async () => {
    const known = log;
    let isAway = false;
    const ask = <A>(answer: () => Promise<A>): Promise<A> => (isAway ? Promise.reject(new Error('away')) : answer());
    log = {
      active: () => ask(() => known.active()),
      newest: () => ask(() => known.newest()),
      activate: (rules) => ask(() => known.activate(rules)),
      history: () => ask(() => known.history()),
      close: () => Promise.resolve(),
    };
    const path = write('a', rulesWith(40));
    const member = await opened(path);
    isAway = true;
    writeFileSync(path, rulesWith(41));
    await until('it is away', () => said(member).includes('rules_unknown'));
    await expect(member.catchUp(1)).resolves.toBe('ready');
    await expect(member.catchUp(2)).resolves.toBe('behind');
    await expect(member.reload('request')).rejects.toThrow('away');
    expect(said(member).filter((tag) => tag === 'rules_unknown')).toHaveLength(1);
    isAway = false;
    await until('it has caught up', () => member.current.sequence === 2);
    expect(raiseOf(member)).toEqual(above(41));
  });
});
