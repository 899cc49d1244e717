import fc from 'fast-check';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/defaults.js';
import { type ActiveRules, activeRules } from '../../../src/rules/active.js';
import type { RuleSpan } from '../../../src/rules/runs.js';
import { RuledState } from '../../../src/service/ruled-state.js';
import { underRules } from '../../../src/service/under-rules.js';
import { Random } from '../../../src/simulator/random.js';
import { type Chunk, chunkOf, type Outcome } from '../../../streams/model/chunk.js';
import { RawRecord } from '../../../streams/model/raw-record.js';
import { asOffset } from '../../../streams/model/units.js';
import { devicePipeline } from '../../../streams/pipeline.js';
import { PartitionState, type StateSnapshot } from '../../../streams/state/partition-state.js';
import { loaded } from '../rules/loading.js';

const source = { topic: 'device-data', partition: 0 };
const beginMs = Date.UTC(2026, 0, 2, 3, 4, 0);

interface Asked {
  readonly raise?: number;
  readonly size?: string;
  readonly metrics?: string;
  readonly more?: string;
  readonly formula?: string;
  readonly detector?: string;
}

/** Rules of every kind, with what a test changes in them. */
const rulesOf = ({
  raise = 30,
  size = '10s',
  metrics = '',
  more = '',
  formula = 'smooth: { of: temperature, half_life: 5s }',
  detector = 'ewma',
}: Asked): string => `version: 1
metrics:${metrics}
  temperature: { unit: °C, range: [-50, 150] }
  humidity: { unit: "%", range: [0, 100] }
validate:
  - { id: jump, metric: temperature, max_step_per_second: 50, then: flag }
derive:
  - { metric: smooth, unit: °C, ${formula} }
windows:
  - { id: slot, metrics: [temperature], tumbling: ${size}, allowed_lateness: 5s, statistics: [median, slope] }
  - { id: visit, metrics: [humidity], session: { gap: 8s }, allowed_lateness: 2s }
detect:
  - { id: odd, metrics: [temperature], detector: ${detector}, threshold: 0.9 }
  - { id: mute, metrics: [humidity], detector: silence, threshold: 0.9 }
alerts:
  - { id: hot, on: temperature, above: { raise: ${raise}, clear: 25 }, for: 2s, severity: warning }
  - { id: hot-slot, on: { window: slot, metric: temperature, statistic: max }, above: { raise: ${raise}, clear: 26 }, severity: info }
  - { id: strange, on: { detector: odd }, above: { raise: 0.8, clear: 0.5 }, severity: info }
  - { id: smooth-hot, on: smooth, above: { raise: 29, clear: 28 }, severity: info }
  - { id: both, when: temperature > 28.0 && humidity > 50.0, severity: error }${more}
`;

const inForce = (sequence: number, asked: Asked): ActiveRules => {
  const { rules, text, version } = loaded(rulesOf(asked));
  return activeRules({ sequence, version, text, activatedAtMs: 0 }, rules, defaultConfig().pipeline);
};

const wet = `
  - { id: wet, on: humidity, above: { raise: 60, clear: 50 }, severity: warning }`;
const first = inForce(1, { more: wet });
const threshold = inForce(2, { raise: 27, more: wet });
const shapes = inForce(3, { raise: 27, size: '20s', formula: 'deadband: { of: temperature, by: 1 }', detector: 'hampel' }); // prettier-ignore
const slots = inForce(4, { raise: 27, size: '20s', metrics: '\n  battery: { unit: "%", range: [0, 100] }', more: wet });
const back = inForce(5, { more: wet });
const all = [first, threshold, shapes, slots, back];

/** Devices whose readings go up and down, some of them late, some no telemetry. */
const logOf = (seed: number, count: number): readonly RawRecord[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => {
    const atMs = beginMs + i * 400;
    const isLate = random.next() < 0.1;
    const timestamp = new Date(atMs - (isLate ? random.whole(0, 20_000) : random.whole(0, 300))).toISOString();
    const reading = {
      device_id: `d${random.whole(0, 3)}`,
      timestamp,
      temperature: 26 + 6 * Math.sin(i / 9) + random.next(),
      ...(random.next() < 0.6 && { humidity: 55 + 12 * Math.sin(i / 14) }),
    };
    const value = random.next() < 0.03 ? '{' : JSON.stringify(reading);
    return RawRecord.of({ offset: asOffset(i), timestampMs: atMs, value });
  });
};

const chunkFrom = (records: readonly RawRecord[], at: number, size: number): Chunk<RawRecord> => {
  const taken = records.slice(at, at + size);
  return chunkOf(source, taken, asOffset(at + taken.length));
};

const thrown = (error: unknown): never => {
  throw error;
};

/** What a store holds: texts by device, and the partition's own. */
class Store {
  partition: string | null = null;
  next = 0;
  readonly devices = new Map<string, string>();
  readonly windows: string[] = [];
  readonly alerts: string[] = [];
  readonly dead: string[] = [];

  commit(snapshot: StateSnapshot, outcomes: readonly Outcome[], next: number): void {
    this.partition = snapshot.partition;
    for (const [id, text] of snapshot.devices) this.devices.set(id, text);
    for (const { windows, alerts, rejected } of outcomes) {
      for (const window of windows) if (window.isClosed) this.windows.push(JSON.stringify(window));
      for (const alert of alerts) this.alerts.push(JSON.stringify(alert));
      for (const { origin, rejection } of rejected) this.dead.push(`${origin.offset} ${rejection._tag}`);
    }
    this.next = next;
  }

  restore(): PartitionState {
    return PartitionState.restore(source, { partition: this.partition, devices: this.devices });
  }

  seen() {
    const own = JSON.parse(this.partition ?? '{}') as { readonly rules?: readonly RuleSpan[] };
    return {
      own: { ...own, rules: null },
      devices: new Map([...this.devices].map(([id, text]) => [id, JSON.parse(text) as unknown])),
      windows: this.windows,
      alerts: this.alerts,
      // Each operator adds its own to those of a chunk.
      dead: this.dead.toSorted(),
    };
  }

  get spans(): readonly RuleSpan[] {
    return (JSON.parse(this.partition ?? '{}') as { readonly rules?: readonly RuleSpan[] }).rules ?? [];
  }
}

/** The oracle: each span on its own, by a process that starts with it and knows no other rules. */
const spanBySpan = (records: readonly RawRecord[], spans: readonly RuleSpan[]): Store => {
  const store = new Store();
  for (const [i, { sequence, since }] of spans.entries()) {
    const end = spans[i + 1]?.since ?? records.length;
    const rules = all.find((one) => one.sequence === sequence);
    if (rules === undefined) throw new Error(`no rules have number ${sequence}`);
    const state = store.restore();
    const outcomes: Outcome[] = [];
    from([chunkFrom(records, since, end - since)])
      .pipe(devicePipeline(rules.settings, state))
      .subscribe({ next: (outcome) => outcomes.push(outcome), error: thrown });
    store.commit(state.snapshot(), outcomes, end);
  }
  return store;
};

/** A process on a store: it may be killed, and what it did not commit is lost. */
class Process {
  readonly #chunks$ = new Subject<Chunk<RawRecord>>();
  readonly #outcomes: Outcome[] = [];
  readonly ruled: RuledState;
  next: number;

  constructor(
    readonly store: Store,
    current: () => ActiveRules,
  ) {
    this.ruled = new RuledState(store.restore());
    this.next = store.next;
    this.#chunks$.pipe(underRules(this.ruled, current)).subscribe({
      next: (outcome) => this.#outcomes.push(outcome),
      error: thrown,
    });
  }

  read(records: readonly RawRecord[], size: number): void {
    const chunk = chunkFrom(records, this.next, size);
    this.next = chunk.next;
    this.#chunks$.next(chunk);
  }

  commit(): void {
    this.store.commit(this.ruled.state.snapshot(), this.#outcomes.splice(0), this.next);
  }
}

describe('a change of rules', () => {
  const records = logOf(1, 400);

  it('gives, wherever it comes, however the log is cut and whenever a process dies, what spans on their own give', () => {
    const deeds = fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({ _tag: fc.constant('read' as const), size: fc.integer({ min: 1, max: 40 }) }),
        },
        { weight: 3, arbitrary: fc.constant({ _tag: 'commit' as const }) },
        {
          weight: 2,
          arbitrary: fc.record({ _tag: fc.constant('change' as const), to: fc.integer({ min: 1, max: 4 }) }),
        },
        { weight: 1, arbitrary: fc.constant({ _tag: 'crash' as const }) },
      ),
      { minLength: 10, maxLength: 60 },
    );
    fc.assert(
      fc.property(deeds, (script) => {
        const store = new Store();
        let current = first;
        let process = new Process(store, () => current);
        for (const deed of script) {
          if (deed._tag === 'read') process.read(records, deed.size);
          if (deed._tag === 'commit') process.commit();
          if (deed._tag === 'change') current = all.find(({ sequence }) => sequence === Math.max(deed.to + 1, current.sequence)) ?? current; // prettier-ignore
          if (deed._tag === 'crash') process = new Process(store, () => current);
        }
        process.read(records, records.length);
        process.commit();
        expect(store.spans.at(-1)?.sequence).toBe(current.sequence);
        expect(store.seen()).toEqual(spanBySpan(records, store.spans).seen());
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  const changed = (to: ActiveRules, at: number) => {
    const store = new Store();
    let current = first;
    const process = new Process(store, () => current);
    process.read(records, at);
    process.commit();
    const before = { windows: windowsIn(store, 'slot'), open: openIn(store) };
    const told = store.alerts.length;
    current = to;
    process.read(records, 1);
    process.commit();
    return {
      before,
      after: { windows: windowsIn(store, 'slot'), open: openIn(store) },
      told: alertsIn(store).slice(told),
      store,
    };
  };

  const membersOf = (store: Store, name: string): readonly (readonly [string, Record<string, [string, unknown]>])[] =>
    [...store.devices].map(([id, text]) => {
      const device = JSON.parse(text) as Record<string, Record<string, [string, unknown]>>;
      return [id, device[name] ?? {}] as const;
    });
  interface Started {
    readonly startMs: number;
  }
  const windowsIn = (store: Store, rule: string): readonly string[] =>
    membersOf(store, 'window').flatMap(([id, windows]) => {
      const stored = (windows[rule]?.[1] ?? []) as readonly Started[] | { readonly windows: readonly Started[] };
      return ('windows' in stored ? stored.windows : stored).map(({ startMs }) => `${id} ${startMs}`);
    });
  const openIn = (store: Store): readonly string[] =>
    membersOf(store, 'alert').flatMap(([, episodes]) =>
      Object.values(episodes).flatMap(([, episode]) => (episode as { alert: { id: string } | null }).alert?.id ?? []),
    );
  const alertsIn = (store: Store) =>
    store.alerts.map((text) => JSON.parse(text) as { readonly id: string; readonly reason: string });

  it('of a threshold keeps every open window and every open episode', () => {
    const { before, after, told } = changed(threshold, 300);
    expect(before.windows.length).toBeGreaterThan(3);
    expect(before.open.length).toBeGreaterThan(2);
    expect(after.windows).toEqual(expect.arrayContaining([...before.windows]));
    expect(after.open).toEqual(expect.arrayContaining([...before.open]));
    expect(told.filter(({ reason }) => reason === 'rule_removed')).toEqual([]);
  });

  it('of a window’s shape closes the open ones as they are, once', () => {
    const { before, store } = changed(shapes, 300);
    const cut = store.windows.filter((text) => text.includes('"isCut":true')).map((text) => JSON.parse(text) as { device: string; startMs: number }); // prettier-ignore
    expect(cut.map(({ device, startMs }) => `${device} ${startMs}`).toSorted()).toEqual(before.windows.toSorted());
  });

  it('that takes a rule away clears its alerts, and says why', () => {
    const { before, told } = changed(shapes, 300);
    const wets = before.open.filter((id) => id.startsWith('wet@'));
    expect(wets.length).toBeGreaterThan(0);
    expect(told.filter(({ reason }) => reason === 'rule_removed').map(({ id }) => id).toSorted()).toEqual(wets.toSorted()); // prettier-ignore
  });

  it('is written down with the record from which on it decides', () => {
    const { store } = changed(threshold, 300);
    const spans = [first, threshold].map(({ sequence, version }) => ({ sequence, version }));
    expect(store.spans).toEqual([
      { ...spans[0], since: 0 },
      { ...spans[1], since: 300 },
    ]);
  });
});
