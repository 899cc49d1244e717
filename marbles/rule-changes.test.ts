import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { chunkOf, type Chunk, type Outcome } from '../streams/model/chunk.js';
import type { RawRecord } from '../streams/model/raw-record.js';
import { asOffset } from '../streams/model/units.js';
import { devicePipeline } from '../streams/pipeline.js';
import type { Rules } from '../streams/rules/rules.js';
import { PartitionState } from '../streams/state/partition-state.js';
import { logs, record, type RawParts, shown, testSettings } from './kit/index.js';
import { ruled } from './reference/rules.js';

const source = { topic: 'law', partition: 0 };

/** What came of records, and what lies in the store after them. */
interface Part {
  readonly told: Outcome;
  readonly partition: string | null;
  readonly devices: ReadonlyMap<string, string>;
  /** Devices of which something was stored. */
  readonly written: readonly string[];
}

/** Records under rules, on what was stored before. */
const under = (rules: Rules, records: readonly RawRecord[], before: Part | null = null): Part => {
  const stored = before && { partition: before.partition, devices: before.devices };
  const state = stored === null ? PartitionState.empty(source) : PartitionState.restore(source, stored);
  const chunks$ = new Subject<Chunk<RawRecord>>();
  const told: Outcome[] = [];
  chunks$.pipe(devicePipeline(testSettings({ rules }), state)).subscribe({
    next: (outcome) => told.push(outcome),
    error: (error: unknown) => {
      throw error;
    },
  });
  chunks$.next(chunkOf(source, records, asOffset((records.at(-1)?.offset ?? 0) + 1)));
  const [outcome] = told;
  if (outcome === undefined) throw new Error('nothing came');
  const { partition, devices } = state.snapshot();
  const all = new Map([...(before?.devices ?? []), ...devices]);
  return { told: outcome, partition, devices: all, written: devices.ids };
};

const records = (...said: readonly RawParts[]): readonly RawRecord[] =>
  said.map((parts, i) => record({ offset: i, type: 'sensor', ...parts }));
const memberOf = ({ devices }: Part, device: string, member: string): unknown =>
  (JSON.parse(devices.get(device) ?? '{}') as Record<string, unknown>)[member];

const window = '{ id: ten, metrics: [temperature, humidity], tumbling: 10s, allowed_lateness: 4s }';
const session = '{ id: run, metrics: [battery], session: { gap: 5s }, allowed_lateness: 4s }';
const last = '{ id: last, metrics: [temperature], count: 4 }';
const detector = '{ id: odd, metrics: [temperature, humidity], detector: ewma, settings: { warmUp: 2 } }';
const hot = '{ id: hot, on: temperature, above: { raise: 40, clear: 38 }, for: 1s, keep_for: 2s }';
const mean = '{ id: mean, on: { window: ten, metric: humidity, statistic: mean }, below: { raise: 40, clear: 60 } }';
const used = '{ metric: used, delta: { of: battery } }';
const lasting = {
  derive: [used],
  windows: [window, session, last],
  detect: [detector],
  alerts: [hot, mean],
};
const file = (sections: Readonly<Record<string, readonly string[]>>): Rules =>
  ruled(
    Object.entries(sections)
      .map(([name, entries]) => `${name}:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`)
      .join(''),
  );

describe('rules that change', () => {
  it('leave those that do not alone: their windows, findings, episodes and derived metrics are as if nothing had changed', () => {
    const before = file(lasting);
    const after = file({
      derive: ['{ metric: other, smooth: { of: humidity, half_life: 5s } }', used],
      windows: ['{ id: other, metrics: [battery], count: 2 }', last, session, window],
      detect: ['{ id: other, metrics: [battery, humidity], detector: flatline }', detector],
      alerts: ['{ id: other, on: battery, below: { raise: 50 } }', mean, hot],
    });
    const ids = ['ten', 'run', 'last', 'odd', 'hot', 'mean'];
    const ofLasting = (parts: readonly Part[], slot: (rules: Rules) => number) => {
      const outcomes = parts.map(({ told }) => told);
      return {
        windows: outcomes.flatMap(({ windows }) => windows.filter(({ rule }) => ids.includes(rule))).map(shown).sort(), // prettier-ignore
        findings: outcomes.flatMap(({ findings }) => findings.filter(({ rule }) => ids.includes(rule))).map(shown).sort(), // prettier-ignore
        alerts: outcomes.flatMap(({ alerts }) => alerts.filter(({ rule }) => ids.includes(rule))).map(shown).sort(), // prettier-ignore
        used: outcomes.map(({ records: all }, i) => all.map(({ value }) => value.readings[slot(i === 0 ? before : after)])), // prettier-ignore
      };
    };
    const slotOf = (rules: Rules) => rules.metrics.findIndex(({ name }) => name === 'used');
    fc.assert(
      fc.property(logs(testSettings({ rules: before })), fc.double({ min: 0, max: 1, noNaN: true }), (log, share) => {
        const at = Math.floor(share * log.records.length);
        const [early, late] = [log.records.slice(0, at), log.records.slice(at)];
        const first = under(before, early);
        const changed = ofLasting([first, under(after, late, first)], slotOf);
        const same = ofLasting([first, under(before, late, first)], () => slotOf(before));
        expect(changed).toEqual(same);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('keep an episode whose level changed, and decide by the new one with the next reading', () => {
    const rules = (levels: string) => file({ alerts: [`{ id: hot, on: temperature, above: ${levels} }`] });
    const [a, b] = records({ readings: { temperature: 45 } }, { readings: { temperature: 45 } });
    const first = under(rules('{ raise: 40, clear: 38 }'), [a as RawRecord]);
    const [raised] = first.told.alerts;
    expect(raised).toMatchObject({ state: 'active', version: 1 });

    const higher = under(rules('{ raise: 60, clear: 50 }'), [b as RawRecord], first);
    expect(higher.told.alerts).toMatchObject([{ id: raised?.id, state: 'cleared', version: 2, reason: 'cleared' }]);
    const lower = under(rules('{ raise: 30, clear: 20 }'), [b as RawRecord], first);
    expect(lower.told.alerts).toEqual([]);
    expect(memberOf(lower, 'd1', 'alert')).toMatchObject({ hot: [expect.any(String), { alert: { id: raised?.id } }] });
  });

  it('close what less lateness leaves no time for, of quiet devices too, and write none anew that nothing happened to', () => {
    const rules = (lateness: string) => file({ windows: [`{ id: w, metrics: [temperature], tumbling: 10s, allowed_lateness: ${lateness} }`] }); // prettier-ignore
    const [a, b, c, d] = records(
      { readings: { temperature: 20 }, device: 'quiet', atMs: 1_700_000_001_000 },
      { readings: { temperature: 30 }, device: 'quiet', atMs: 1_700_000_012_000 },
      { readings: { temperature: 40 }, device: 'a', atMs: 1_700_000_012_000 },
      { readings: { temperature: 50 }, device: 'a', atMs: 1_700_000_012_500 },
    );
    const first = under(rules('9s'), [a as RawRecord, b as RawRecord]);
    expect(first.told.windows).toMatchObject([{ device: 'quiet', isClosed: false, revision: 1 }]);
    const same = under(rules('9s'), [c as RawRecord], first);
    expect(same.told.windows).toEqual([]);
    expect(same.written).toEqual(['a']);
    const less = under(rules('1s'), [c as RawRecord], first);
    expect(less.told.windows).toMatchObject([
      { device: 'quiet', startMs: 1_700_000_000_000, isClosed: true, isCut: false, isEnd: false, revision: 1 },
    ]);
    expect(under(rules('1s'), [d as RawRecord], less).told.windows).toEqual([]);
  });

  it('close windows of another shape as they are, once, and begin anew', () => {
    const rules = (span: string) => file({ windows: [`{ id: w, metrics: [temperature], ${span}, allowed_lateness: 0s }`] }); // prettier-ignore
    const [a, b, c, d] = records(
      { readings: { temperature: 20 }, device: 'z' },
      { readings: { temperature: 30 }, device: 'a' },
      { readings: { temperature: 40 }, device: 'a' },
      { readings: { temperature: 50 }, device: 'a', atMs: 1_700_000_020_000 },
    );
    const first = under(rules('tumbling: 10s'), [a, b] as RawRecord[]);
    const second = under(rules('tumbling: 5s'), [c] as RawRecord[], first);
    const cut = { rule: 'w', metric: 'temperature', isClosed: true, isCut: true, revision: 1, isEnd: false, count: 1 };
    expect(second.told.windows).toMatchObject([
      { ...cut, device: 'a', sum: 30, startMs: 1_700_000_000_000, endMs: 1_700_000_010_000 },
      { ...cut, device: 'z', sum: 20, startMs: 1_700_000_000_000, endMs: 1_700_000_010_000 },
    ]);
    const third = under(rules('tumbling: 5s'), [d] as RawRecord[], second);
    expect(third.told.windows).toMatchObject([{ device: 'a', sum: 40, isCut: true, endMs: 1_700_000_005_000 }]);
  });

  it('close windows of a rule that is gone, of every kind', () => {
    const [a, b] = records({ readings: { temperature: 20, battery: 50 } }, { readings: { temperature: 20 } });
    const first = under(file({ windows: [window, session, last] }), [a as RawRecord]);
    const second = under(file({}), [b as RawRecord], first);
    const ended = second.told.windows.map(({ rule, metric, startMs, endMs, isCut }) => [rule, metric, endMs - startMs, isCut]); // prettier-ignore
    expect(ended).toEqual([
      ['ten', 'temperature', 10_000, true],
      ['run', 'battery', 5_000, true],
      ['last', 'temperature', 1, true],
    ]);
    expect(memberOf(second, 'd1', 'window')).toBeUndefined();
  });

  it('clear the alerts of a rule that is gone, and say so', () => {
    const [a, b, c] = records(
      { readings: { temperature: 45 }, device: 'z' },
      { readings: { temperature: 45 }, device: 'a' },
      { readings: { temperature: 45 }, device: 'b' },
    );
    const first = under(file({ alerts: ['{ id: hot, on: temperature, above: { raise: 40 } }'] }), [
      a,
      b,
    ] as RawRecord[]);
    const second = under(file({}), [c as RawRecord], first);
    const removed = { state: 'cleared', reason: 'rule_removed', version: 2, clearedOffset: 2, clearedValue: null };
    expect(second.told.alerts).toMatchObject([
      { ...removed, id: 'hot@a@law-0-1' },
      { ...removed, id: 'hot@z@law-0-0' },
    ]);
    expect(second.told.alerts[0]?.history.map(({ reason }) => reason)).toEqual(['raised', 'rule_removed']);
    expect(memberOf(second, 'a', 'alert')).toBeUndefined();
    expect(under(file({}), [c as RawRecord], second).told.alerts).toEqual([]);
  });

  it('clear them though a rule has no answer for the record with which they come, which counts all the same', () => {
    const [a, b] = records({ readings: { temperature: 45 } }, { readings: { humidity: 1, battery: 0 } });
    const first = under(file({ alerts: ['{ id: hot, on: temperature, above: { raise: 40 } }'] }), [a as RawRecord]);
    const second = under(
      file({ alerts: ["{ id: ratio, when: 'humidity / battery > 1.0' }"] }),
      [b as RawRecord],
      first,
    );
    expect(second.told.rejected).toEqual([]);
    expect(second.told.records.map(({ value }) => value.unanswered)).toEqual([['ratio']]);
    expect(second.told.alerts).toMatchObject([{ rule: 'hot', reason: 'rule_removed' }]);
  });

  it('forget what detectors and derived metrics that are gone remembered', () => {
    const [a, b] = records({ readings: { temperature: 45, battery: 5 } }, { readings: { temperature: 45 } });
    const first = under(file({ derive: [used], detect: [detector] }), [a as RawRecord]);
    expect([memberOf(first, 'd1', 'derive'), memberOf(first, 'd1', 'detect')]).not.toContain(undefined);
    const others = file({ derive: ['{ metric: x, delta: { of: humidity } }'], detect: ['{ id: y, metrics: [battery], detector: flatline }'] }); // prettier-ignore
    const second = under(others, [b as RawRecord], first);
    expect([memberOf(second, 'd1', 'derive'), memberOf(second, 'd1', 'detect')]).toEqual([undefined, undefined]);
  });
});

describe('a device that changes', () => {
  it('has the alerts cleared of rules that are no longer for it', () => {
    const rules = file({
      alerts: [
        '{ id: hot, on: temperature, above: { raise: 40 }, match: { type: sensor } }',
        '{ id: hot-too, on: temperature, above: { raise: 40 } }',
      ],
    });
    const [a, b, c] = records(
      { readings: { temperature: 45 } },
      { readings: { temperature: 46 }, type: 'motor' },
      { readings: { temperature: 47 } },
    );
    const { told } = under(rules, [a, b, c] as RawRecord[]);
    expect(told.alerts.map(({ rule, version, reason, raisedOffset }) => [rule, version, reason, raisedOffset])).toEqual(
      [
        ['hot', 1, 'raised', 0],
        ['hot-too', 1, 'raised', 0],
        ['hot', 2, 'no_longer_matches', 0],
        ['hot', 1, 'raised', 2],
      ],
    );
  });
});
