import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { pairs } from './chaos/account.js';
import { given } from './chaos/given.js';
import { Stage } from './chaos/stage.js';
import { rulesFile, told } from './chaos/told.js';
import { until } from './chaos/until.js';
import { spansIn } from './chaos/verdict.js';
import { Watch } from './chaos/watch.js';
import type { AlertRule, Told, WindowRule } from './oracle/rules.js';

const partitions = 4;
const sessionTimeoutMs = 6_000;
const ratePerSecond = 1_300;
const shares = ['--bad', '0.01', '--late', '0.03', '--future', '0.005', '--duplicate', '0.02'];

/** Other levels and times: every window and every episode goes on. */
const levels: Told = {
  ...told,
  windows: told.windows.map((rule) =>
    rule.id === 'burst' && rule._tag === 'session' ? { ...rule, latenessMs: 3_000 } : rule,
  ),
  alerts: told.alerts.map((rule): AlertRule => {
    if (rule.id === 'damp') return { ...rule, forMs: 500, levels: [{ severity: 'warning', raise: 53, clear: 51 }] };
    if (rule.id === 'low') return { ...rule, levels: [{ severity: 'warning', raise: 1_012, clear: 1_012.5 }] };
    return rule;
  }),
};
/** Windows of another size, a rule that is no more, and a new one. */
const shapes: Told = {
  ...levels,
  windows: levels.windows.map((rule): WindowRule => {
    if (rule._tag === 'aligned') return rule.id === 'short' ? { ...rule, sizeMs: 3_000, everyMs: 3_000 } : rule;
    return rule._tag === 'session' ? { ...rule, gapMs: 250 } : { ...rule, size: 5 };
  }),
  alerts: [
    ...levels.alerts.filter(({ id }) => id !== 'dry'),
    { ...(told.alerts.find(({ id }) => id === 'battery') as AlertRule), id: 'battery-soon', levels: [{ severity: 'info', raise: 70, clear: 72 }] }, // prettier-ignore
  ],
};

it(
  'rules that change while services are killed decide each record once, and for every process the same',
  { timeout: 120_000 },
  async () => {
    const story: string[] = [];
    onTestFinished(() => console.log(story.join('\n')));
    const stage = await Stage.set({ ...given(), partitions, sessionTimeoutMs });
    onTestFinished(() => stage.strike());
    const began = performance.now();
    const tell = (line: string): void =>
      void story.push(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}`);

    const write = (text: string): void => {
      writeFileSync(`${stage.rules}.new`, text);
      renameSync(`${stage.rules}.new`, stage.rules);
    };
    const active = async (): Promise<number> =>
      Number(await stage.stored.redis.hget(`weir:${stage.group}:rules`, 'active'));
    /** Sequence that each partition was decided by last. */
    const decidedBy = async (): Promise<readonly number[]> => {
      const owns = await Promise.all(
        Array.from({ length: partitions }, (_, i) => stage.stored.own(stage.topic, i, stage.group)),
      );
      return owns.map((own) => spansIn({ own }).at(-1)?.sequence ?? 0);
    };
    /** Puts rules in force for the group. */
    const put = async (rules: Told): Promise<number> => {
      const before = await active();
      write(rulesFile(rules));
      await until('the group has them', async () => (await active()) > before, 5_000, 5);
      return active();
    };
    const areDecidedBy = async (sequence: number): Promise<void> => {
      const isSo = async (): Promise<boolean> => (await decidedBy()).every((one) => one === sequence);
      await until(`rules ${sequence} decide everywhere`, isSo, 30_000, 20);
    };
    /** Both have partitions, and nothing is left over from before. */
    const areCalm = async (): Promise<void> => {
      await Promise.all(services.map((service) => service.says('acquired')));
      await until('little is left to read', async () => (await stage.lag()) < ratePerSecond, 30_000);
      await wait(1_500);
    };
    const seconds: number[] = [];
    /** … and waits until every partition's state in the store says that it is decided by them. */
    const takeEffect = async (what: string, rules: Told): Promise<void> => {
      const writtenAt = performance.now();
      await areDecidedBy(await put(rules));
      seconds.push((performance.now() - writtenAt) / 1_000);
      tell(`${what}: in force everywhere after ${(seconds.at(-1) ?? 0).toFixed(2)} s`);
    };

    const services = [stage.service('service-1'), stage.service('service-2')];
    let spawned = services.length;
    const kill = async (index: number): Promise<void> => {
      services[index]?.signal('SIGKILL');
      await services[index]?.ended;
      spawned += 1;
      tell(`service-${index + 1} killed`);
      services[index] = stage.service(`service-${spawned}`);
    };
    await Promise.all(services.map((service) => service.says('started')));
    const watch = new Watch(stage, 700);
    const producer = stage.producer(['--shape', 'mixed', '--seed', '5', '--devices', '200', '--rate', String(ratePerSecond), ...shares]); // prettier-ignore
    await areDecidedBy(1);
    await areCalm();

    await takeEffect('other levels', levels);
    await wait(1_000);

    write(rulesFile(shapes).replace('"3000ms"', '"three seconds"'));
    await Promise.all(services.map((service) => service.says('rules_refused')));
    tell('a bad file was refused by both');
    const asked = async (): Promise<unknown> => (await fetch(`${services[0]?.url ?? ''}/api/v1/rules`)).json();
    expect(await asked()).toMatchObject({ sequence: 2, lastReload: { isGood: false, cause: 'file' } });
    services[0]?.signal('SIGHUP');
    await until('it was refused again', () => (services[0]?.count('rules_refused') ?? 0) > 1);
    expect(await asked()).toMatchObject({ sequence: 2, lastReload: { isGood: false, cause: 'signal' } });

    // One dies while the change is on its way to the store, the other one a little later in another change.
    const third = await put(shapes);
    await kill(0);
    await areDecidedBy(third);
    await areCalm();
    await takeEffect('back to the first', told);
    const fifth = await put(levels);
    await wait(600);
    await kill(1);
    await areDecidedBy(fifth);
    await areCalm();
    await takeEffect('other shapes', shapes);

    producer.signal('SIGTERM');
    expect(await producer.ended).toBe(0);
    await stage.settled();
    await watch.stop();

    const versions = await stage.versions([told, levels, shapes]);
    const verdict = await stage.judge(watch.glimpses, versions);
    tell(`${verdict.records} records, ${verdict.closedWindows} windows closed, ${verdict.openWindows} open, ${verdict.alerts} alerts; ${watch.glimpses.length} looks meanwhile`); // prettier-ignore
    for (const [kind, counts] of Object.entries(verdict.kinds)) tell(`windows, ${kind}: ${pairs({ ...counts })}`);
    tell(`${verdict.joinedSessions} times two sessions became one`);
    tell(`in force everywhere after ${seconds.map((one) => one.toFixed(2)).join(', ')} s`);
    expect([...watch.steppedBack, ...verdict.differences].slice(0, 20)).toEqual([]);
    // The middle one: what else the machine does at one moment says nothing of the service.
    expect(seconds.toSorted((a, b) => a - b)[seconds.length >> 1]).toBeLessThan(2);
    for (const { cut } of Object.values(verdict.kinds)) expect(cut).toBeGreaterThan(100);
    expect(verdict.joinedSessions).toBeGreaterThan(5);
    expect(verdict.endedAlerts).toBeGreaterThan(10);
    expect(verdict.alerts).toBeGreaterThan(500);
  },
);
