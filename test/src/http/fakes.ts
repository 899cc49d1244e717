import { onTestFinished } from 'vitest';
import { plainRules } from '../../../streams/plain-rules.js';
import { type PipelineSettings, settingsUnder } from '../../../streams/rules/settings.js';
import { asOffset } from '../../../streams/model/units.js';
import type { WindowResult } from '../../../streams/model/window.js';
import { noCare } from '../../../src/care/care.js';
import type { AlertDesk } from '../../../src/care/desk.js';
import type { ServiceEvent } from '../../../src/events.js';
import { openHttp, type HttpDoor, type HttpOptions } from '../../../src/http/open-http.js';
import { settingsView, type StatusParts } from '../../../src/http/status.js';
import type { AlertView, DeviceView, Health, PartitionStatus, ResultReader, SourceStatus } from '../../../src/ports.js';

/** Stand-ins for what the doors are given: everything they say can be set, and every question asked of them is kept. */

export const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);

export const deviceView = (id: string, changed: Partial<DeviceView> = {}): DeviceView => ({
  id,
  eventTimeMs: atMs,
  quality: 'good',
  readings: { temperature: { value: 21.5, atMs }, humidity: { value: 48, atMs } },
  flags: {},
  profile: { type: 'sensor', status: 'online', location: null, info: null },
  versions: { 'device-data-0': 7 },
  ...changed,
});

export const windowResult = (startMs: number, changed: Partial<WindowResult> = {}): WindowResult => ({
  rule: 'minute',
  device: 'd-1',
  metric: 'temperature',
  startMs,
  endMs: startMs + 60_000,
  count: 3,
  sum: 63,
  min: 20,
  max: 22,
  mean: 21,
  variance: 0.5,
  first: 20,
  last: 22,
  revision: 1,
  isClosed: true,
  isCut: false,
  more: {},
  ...changed,
});

export const alertOf = (device: string, changed: Partial<AlertView> = {}): AlertView => ({
  id: `temperature_high@${device}@device-data-0-7`,
  rule: 'temperature_high',
  device,
  metric: 'temperature',
  severity: 'warning',
  state: 'active',
  version: 1,
  reason: 'raised',
  labels: {},
  message: 'temperature 41 °C is above 40 °C',
  raisedAtMs: atMs,
  raisedValue: 41,
  raisedOffset: 7,
  peakValue: 41,
  clearedAtMs: null,
  clearedValue: null,
  clearedOffset: null,
  isMuted: false,
  flood: null,
  evidence: null,
  history: [],
  care: noCare,
  ...changed,
});

export const partitionStatus = (partition: number, changed: Partial<PartitionStatus> = {}): PartitionStatus => ({
  source: { topic: 'device-data', partition },
  phase: 'reading',
  reason: null,
  next: asOffset(90),
  settled: asOffset(80),
  highWatermark: asOffset(100),
  lastTimestampMs: atMs,
  unsettledBytes: 512,
  ...changed,
});

export const settings: PipelineSettings = settingsUnder(
  plainRules({
    metrics: [
      { name: 'temperature', unit: '°C', min: -50, max: 150 },
      { name: 'humidity', unit: '%', min: 0, max: 100 },
    ],
    window: { sizeMs: 60_000, allowedLatenessMs: 30_000, metrics: null },
    alerts: [
      { id: 'temperature_high', metric: 'temperature', direction: 'above', raise: 40, clear: 38, severity: 'warning' },
    ],
  }),
  {
    time: { maxAheadMs: 300_000, maxPastMs: 604_800_000 },
    dedupe: { windowMs: 90_000 },
    limits: { maxValueBytes: 65_536, maxDepth: 16 },
  },
);

export const tally = { read: 10, counted: 5, duplicate: 1, late: 1, dead: 2, skipped: 1 };

/** A reader over lists that the test may change; a method replaced by the test answers instead. */
export const fakeReader = (replaced: Partial<ResultReader> = {}) => {
  const held = { devices: [] as DeviceView[], windows: [] as WindowResult[], alerts: [] as AlertView[] };
  const asked: unknown[] = [];
  const reader: ResultReader = {
    devices: (query) => {
      asked.push(query);
      const sorted = held.devices.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return Promise.resolve(sorted.filter(({ id }) => query.after === undefined || id > query.after).slice(0, query.limit)); // prettier-ignore
    },
    device: (id) => Promise.resolve(held.devices.find((view) => view.id === id) ?? null),
    windows: (device, query) => {
      asked.push(query);
      const found = held.windows.filter((each) => each.device === device && [undefined, each.metric].includes(query.metric) && [undefined, each.rule].includes(query.rule)); // prettier-ignore
      return Promise.resolve(found.slice(-query.limit));
    },
    alerts: (query) => {
      asked.push(query);
      return Promise.resolve(held.alerts.filter(({ state }) => query.state === undefined || (query.state === 'open' ? state !== 'cleared' : state === query.state)).slice(0, query.limit)); // prettier-ignore
    },
    totals: () => Promise.resolve({ 'device-data': tally }),
    ...replaced,
  };
  return { reader, held, asked };
};

export const readyHealth: Health = { isReady: true, detail: 'answers in 1 ms' };

export const sourceStatus = (partitions: readonly PartitionStatus[] = [partitionStatus(0)]): SourceStatus => ({
  isReady: true,
  detail: `joined: ${partitions.length} partitions`,
  partitions,
});

export const statusParts = (changed: Partial<StatusParts> = {}): StatusParts => ({
  version: '1.2.3',
  kind: 'embedded',
  group: 'test-group',
  source: () => sourceStatus(),
  reader: fakeReader().reader,
  meter: {
    rates: () => ({ overMs: 5000, perSecond: tally }),
    totals: () => ({ 'device-data': tally }),
    eventLoopLag: () => ({ overMs: 5000, p50Ms: 0.1, p99Ms: 0.5, maxMs: 1 }),
  },
  push: () => ({ clients: 2, frames: 9 }),
  health: {
    check: () =>
      Promise.resolve({
        status: 'ready',
        dependencies: { source: readyHealth, store: readyHealth, deadLetters: readyHealth },
      }),
  },
  settings: () => settingsView(settings.rules, 4),
  ...changed,
});

/** Of a store that keeps no alert. */
export const noDesk: AlertDesk = { act: () => Promise.resolve({ _tag: 'unknown' }) };

/** An API and page server on a free port, and what it reported; closed when the test ends. */
export const listeningHttp = async (
  changed: Partial<HttpOptions> = {},
): Promise<{ readonly door: HttpDoor; readonly events: readonly ServiceEvent[] }> => {
  const events: ServiceEvent[] = [];
  const door = openHttp({
    http: { host: '127.0.0.1', port: 0 },
    reader: fakeReader().reader,
    desk: noDesk,
    status: statusParts(),
    report: (event) => void events.push(event),
    ...changed,
  });
  onTestFinished(() => door.close());
  await door.listen();
  return { door, events };
};
