import { afterEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/defaults.js';
import { type ActiveRules, activeRules, fixedRules, type RuleSource } from '../../../src/rules/active.js';
import { packFile } from '../../../src/rules/load.js';
import { RuleFile } from '../../../src/rules/rule-file.js';
import { Runs } from '../../../src/rules/runs.js';
import { Rig, tags, topic, until } from './rig.js';

const source = { topic, partition: 0 };
const { pipeline: door } = defaultConfig();

const numbered = (sequence: number): ActiveRules => {
  const { loaded } = new RuleFile(packFile(sequence % 2 === 0 ? 'hvac-comfort' : 'starter'));
  if (loaded._tag === 'Left') throw new Error('a pack is at fault');
  const { rules, version, text } = loaded.right;
  return activeRules({ sequence, version, text, activatedAtMs: 0 }, rules, door);
};

/** Rules that a test puts in force, and what is known of the group's. */
class Told implements RuleSource {
  readonly runs = new Runs();
  current = numbered(1);
  asked: number[] = [];
  verdict: 'ready' | 'behind' | 'lost' = 'ready';

  catchUp(sequence: number): Promise<'ready' | 'behind' | 'lost'> {
    this.asked.push(sequence);
    return Promise.resolve(this.verdict);
  }
}

describe('the rules of a running service', () => {
  let rig = new Rig(1);
  const opened = (): Rig => (rig = new Rig(1));
  afterEach(() => rig.close());

  const spans = async (): Promise<unknown> => {
    const { state } = await rig.memory.store.acquire(source, null);
    return (JSON.parse(state?.partition ?? '{}') as { readonly rules?: unknown }).rules;
  };
  const span = (sequence: number, since: number) => ({ sequence, version: numbered(sequence).version, since });

  it('change with the next chunk, and every record counts once', async () => {
    opened();
    const rules = new Told();
    await rig.join({ parts: { rules } });
    rig.append(0, 100);
    await rig.untilRead(100);
    rules.current = numbered(2);
    rig.append(0, 60);
    await rig.untilRead(160);
    expect(rules.runs.list()).toMatchObject([{ source, span: span(2, 100) }]);
    expect(await rig.totals()).toMatchObject({ read: 160, counted: 160 });
    expect(await spans()).toEqual([span(1, 0), span(2, 100)]);
  });

  it('are saved at once, however long commits are apart', async () => {
    opened();
    const rules = new Told();
    const saved: string[] = [];
    const { commit } = rig.store;
    rig.store.commit = (checkpoint) => {
      saved.push(checkpoint.state.partition);
      return commit(checkpoint);
    };
    await rig.join({ parts: { rules }, processing: { commitIntervalMs: 600_000 } });
    rig.append(0, 20);
    await rig.untilRead(20);
    rules.current = numbered(2);
    rig.append(0, 20);
    await rig.untilRead(40);
    expect(saved.map((text) => (JSON.parse(text) as { readonly rules: unknown }).rules)).toEqual([
      [span(1, 0)],
      [span(1, 0), span(2, 20)],
    ]);
  });

  it('are saved in the same commit as the records that they decided: what was not committed is decided anew', async () => {
    opened();
    const rules = new Told();
    const first = await rig.join({ parts: { rules } });
    rig.append(0, 40);
    await rig.untilRead(40);
    const { commit } = rig.store;
    rig.store.commit = () => new Promise(() => undefined);
    rules.current = numbered(2);
    rig.append(0, 40);
    await until('the change is on its way', () => rules.runs.list()[0]?.span?.sequence === 2);
    await first.source.close();
    rig.store.commit = commit;
    rules.current = numbered(3);
    await rig.join({ parts: { rules } });
    await rig.untilRead(80);
    expect(await rig.totals()).toMatchObject({ read: 80, counted: 80 });
    expect(await spans()).toEqual([span(1, 0), span(3, 40)]);
    expect(rules.asked).toEqual([0, 1]);
  });

  it('are waited for when the partition was decided by newer ones than can be had here', async () => {
    opened();
    const rules = new Told();
    rules.current = numbered(5);
    const first = await rig.join({ parts: { rules } });
    rig.append(0, 20);
    await rig.untilRead(20);
    await first.source.close();

    const old = new Told();
    old.verdict = 'behind';
    const member = await rig.join({ parts: { rules: old } });
    rig.append(0, 20);
    await until('it says that it waits', () => tags(member.events).includes('rules_behind'));
    expect([(await rig.totals()).read, old.asked]).toEqual([20, [5]]);
    old.verdict = 'ready';
    old.current = numbered(6);
    await rig.untilRead(40);
    expect(await spans()).toEqual([span(5, 0), span(6, 20)]);
  });

  it('are the newest that are known when the store has lost those that decided the partition', async () => {
    opened();
    const rules = new Told();
    rules.current = numbered(5);
    const first = await rig.join({ parts: { rules } });
    rig.append(0, 20);
    await rig.untilRead(20);
    await first.source.close();
    const later = new Told();
    later.verdict = 'lost';
    const member = await rig.join({ parts: { rules: later } });
    rig.append(0, 20);
    await rig.untilRead(40);
    expect(member.events).toContainEqual(expect.objectContaining({ _tag: 'rules_rolled_back', expected: 5, found: 1 }));
    expect(await spans()).toEqual([span(5, 0), span(1, 20)]);
  });

  it('are known of the last twenty changes', async () => {
    opened();
    const rules = new Told();
    await rig.join({ parts: { rules } });
    for (let sequence = 1; sequence <= 25; sequence += 1) {
      rules.current = { ...numbered(1), sequence };
      rig.append(0, 1);
      await rig.untilRead(sequence);
    }
    expect(await spans()).toHaveLength(20);
    expect(await spans()).toContainEqual(span(25, 24));
  });

  it('are those of one process when they never change', async () => {
    opened();
    await rig.join({ parts: { rules: fixedRules(numbered(1).settings) } });
    rig.append(0, 20);
    await rig.untilRead(20);
    expect(await spans()).toEqual([span(1, 0)].map((one) => ({ ...one, sequence: 0 })));
  });
});
