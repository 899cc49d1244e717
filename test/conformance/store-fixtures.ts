import type { Alert } from '../../streams/model/alert.js';
import { emptyTally, type Tally } from '../../streams/model/chunk.js';
import { asOffset, type TopicPartition } from '../../streams/model/units.js';
import type { ToldWindow, WindowResult } from '../../streams/model/window.js';
import type { StoredLatest } from '../../streams/state/latest-memory.js';
import { DeviceTexts } from '../../streams/state/device-texts.js';
import type { StoredWindow } from '../../streams/state/window-memory.js';
import type { WindowRow } from '../../streams/windows/window-row.js';
import { defaultSettings } from '../../src/rules/default-settings.js';
import type { Acquired, Checkpoint } from '../../src/ports.js';

/** What every store of the suite is told. */
export const kept = { keepWindows: 3, keepAlerts: 2 };
export const settings = defaultSettings();
export const minute = 60_000;
export const baseMs = Date.UTC(2026, 0, 2, 3, 4);

export const source: TopicPartition = { topic: 'device-data', partition: 0 };
export const sibling: TopicPartition = { topic: 'device-data', partition: 1 };

const latest = (more: Partial<StoredLatest> = {}): StoredLatest => ({
  eventTimeMs: baseMs,
  offset: 7,
  quality: 'good',
  values: { temperature: 21.5 },
  agesMs: null,
  flags: null,
  profile: { type: 'sensor', status: 'online', location: null, info: null },
  ...more,
});

/** Of the rule `minute`, without which nobody can tell where a window ends. */
const shape = settings.rules.windows[0]?.shape ?? '';

export const deviceText = (
  of: {
    /** Null: nothing of it has counted. */
    readonly latest?: Partial<StoredLatest> | null;
    /** Open windows of the rule `minute`. */
    readonly window?: readonly StoredWindow[];
  } = {},
): string =>
  JSON.stringify({
    ...(of.latest !== null && { latest: latest(of.latest) }),
    ...(of.window !== undefined && { window: { minute: [shape, of.window] } }),
  });

export const partitionText = (tally: Partial<Tally> = {}): string =>
  JSON.stringify({ tally: { ...emptyTally, ...tally } });

/** What is stored of the window of the values given, with the times at which they came. */
export const openRow = (startMs: number, values: readonly (readonly [value: number, atMs: number])[]): WindowRow => {
  const numbers = values.map(([value]) => value);
  const byTime = [...values].sort((a, b) => a[1] - b[1]);
  const sum = numbers.reduce((a, b) => a + b, 0);
  const m2 = numbers.reduce((m2, value) => m2 + (value - sum / numbers.length) ** 2, 0);
  const [first = NaN, firstAtMs = NaN] = byTime[0] ?? [];
  const [last = NaN, lastAtMs = NaN] = byTime.at(-1) ?? [];
  const bounds = [Math.min(...numbers), Math.max(...numbers)] as const;
  return [numbers.length, sum, ...bounds, m2, firstAtMs - startMs, first, lastAtMs - startMs, last, 0];
};

export const closedWindow = (
  startMs: number,
  values: readonly number[],
  more: Partial<ToldWindow> = {},
): ToldWindow => {
  const sum = values.reduce((a, b) => a + b, 0);
  const mean = sum / values.length;
  return {
    rule: 'minute',
    device: 'd1',
    metric: 'temperature',
    startMs,
    endMs: startMs + minute,
    count: values.length,
    sum,
    min: Math.min(...values),
    max: Math.max(...values),
    mean,
    variance: values.reduce((m2, value) => m2 + (value - mean) ** 2, 0) / values.length,
    first: values[0] ?? NaN,
    last: values.at(-1) ?? NaN,
    revision: 1,
    isClosed: true,
    isCut: false,
    more: {},
    offset: asOffset(0),
    isEnd: true,
    ...more,
  };
};

/** … as people see it. */
export const seenWindow = (window: ToldWindow): WindowResult => {
  const { offset: _offset, isEnd: _isEnd, ...seen } = window;
  return seen;
};

export const alertAt = (raisedOffset: number, more: Partial<Alert> = {}): Alert => ({
  id: `temperature-high@d1@device-data-0-${raisedOffset}`,
  rule: 'temperature-high',
  device: 'd1',
  metric: 'temperature',
  severity: 'warning',
  state: 'active',
  version: 1,
  reason: 'raised',
  labels: {},
  message: 'temperature 41 °C is above 40 °C',
  raisedAtMs: baseMs + raisedOffset,
  raisedValue: 41,
  raisedOffset,
  peakValue: 41,
  clearedAtMs: null,
  clearedValue: null,
  clearedOffset: null,
  isMuted: false,
  flood: null,
  evidence: null,
  history: [],
  ...more,
});

export const clearedAt = (raisedOffset: number, clearedOffset: number): Alert =>
  alertAt(raisedOffset, {
    state: 'cleared',
    version: 2,
    reason: 'cleared',
    clearedAtMs: baseMs + clearedOffset,
    clearedValue: 37,
    clearedOffset,
  });

export interface Written extends Partial<Omit<Checkpoint, 'next' | 'state' | 'expected'>> {
  readonly expected?: number | null;
  readonly devices?: Readonly<Record<string, string>>;
  readonly partition?: string;
}

/** The checkpoint that an owner writes next. */
export const checkpoint = (
  { epoch, next: expected }: Pick<Acquired, 'epoch' | 'next'>,
  next: number,
  of: Written = {},
): Checkpoint => {
  const { devices = {}, partition = partitionText({ read: next, counted: next }), expected: said, ...more } = of;
  return {
    source,
    epoch,
    windows: [],
    alerts: [],
    ...more,
    expected: said === undefined ? expected : said === null ? null : asOffset(said),
    next: asOffset(next),
    state: { partition, devices: DeviceTexts.of(Object.entries(devices)) },
  };
};
