import { changeOver } from './change-over.js';
import { Episode, type ExpectedAlert, type Moment } from './episodes.js';
import { fill } from './filling.js';
import { LogTime } from './log-time.js';
import { readRecord, type Reading } from './read-record.js';
import { type AlertRule, type LogRecord, type Told, told as usual } from './rules.js';
import { endOf, endWindows, type ExpectedWindow, isLate, movedBy } from './windows.js';

/** Everything that must be in the store and in the dead-letter topic once a partition is settled up to `next`. */
export interface Expected {
  /** In force in the end. */
  readonly told: Told;
  readonly devices: ReadonlyMap<string, ExpectedDevice>;
  /** Of the same rule, device, metric and start in the order in which they closed. */
  readonly windows: ReadonlySet<ExpectedWindow>;
  readonly alerts: readonly ExpectedAlert[];
  /** Reason by offset. */
  readonly dead: ReadonlyMap<number, string>;
  readonly tally: Readonly<Record<'read' | 'counted' | 'duplicate' | 'late' | 'dead' | 'skipped', number>>;
  readonly logTime: { readonly timeMs: number; readonly ahead: readonly number[] };
  readonly next: number;
}

export interface ExpectedDevice {
  readonly id: string;
  /** Greatest event time counted; status and profile are of the record that had it. */
  eventTimeMs: number;
  quality: Reading['quality'];
  profile: unknown;
  /** Of the last record counted. */
  offset: number;
  readonly readings: Map<string, { readonly value: number; readonly atMs: number }>;
  /** As `eventTimeMs`, or further when log time moved it. */
  watermarkMs: number;
  /** Log time when it was last heard of. */
  heardMs: number;
  readonly ids: Map<string, number>;
  readonly open: Set<ExpectedWindow>;
  /** Windows of a count that are full, of rules in force. */
  readonly full: Set<ExpectedWindow>;
  readonly partialUntil: Map<string, number>;
  /** By rule id. */
  readonly episodes: Map<string, Episode>;
}

/** What the service was told from a record on. */
export interface ToldSpan {
  readonly since: number;
  readonly told: Told;
}

/**
 * Folds one partition's records, in order of offset. Slow and plain: every window keeps all of its values. After each record `seen` is
 * shown what is expected by then; it must not keep it.
 */
export const foldPartition = (
  records: readonly LogRecord[],
  told: Told | readonly ToldSpan[] = usual,
  seen: (expected: Expected) => void = () => undefined,
): Expected => {
  const spans = 'windows' in told ? [{ since: 0, told }] : told;
  const folding = new Folding(spans[0]?.told ?? usual);
  for (const record of records) {
    folding.goBy(spans.findLast(({ since }) => since <= record.offset)?.told ?? folding.told);
    folding.take(record);
    seen(folding);
  }
  return folding;
};

class Folding implements Expected {
  readonly devices = new Map<string, ExpectedDevice>();
  readonly windows = new Set<ExpectedWindow>();
  readonly alerts: ExpectedAlert[] = [];
  readonly dead = new Map<number, string>();
  readonly tally = { read: 0, counted: 0, duplicate: 0, late: 0, dead: 0, skipped: 0 };
  next = 0;
  readonly logTime: LogTime;
  /** By which the last record that counted was decided. */
  #toldBefore: Told;

  constructor(public told: Told) {
    this.logTime = new LogTime(told.windows);
    this.#toldBefore = told;
  }

  goBy(told: Told): void {
    this.told = told;
    this.logTime.goBy(told.windows);
  }

  take(record: LogRecord): void {
    this.tally.read += 1;
    this.next = record.offset + 1;
    const said = readRecord(record);
    if (said._tag === 'skipped') this.tally.skipped += 1;
    else if (said._tag === 'dead') {
      this.tally.dead += 1;
      this.dead.set(record.offset, said.reason);
    } else this.tally[this.#fold(said, record)] += 1;
  }

  #fold(reading: Reading, { offset, timestampMs }: LogRecord): 'counted' | 'duplicate' | 'late' {
    const device = this.devices.get(reading.device) ?? newDevice(reading.device);
    this.devices.set(reading.device, device);
    if (isRepeated(device, reading, this.told)) return 'duplicate';
    if (isLate(this.told, reading.timeMs, device.watermarkMs)) {
      this.dead.set(offset, 'late');
      return 'late';
    }
    if (this.#toldBefore !== this.told) this.#changeOver(timestampMs, offset);
    const beforeMs = device.watermarkMs;
    device.watermarkMs = Math.max(beforeMs, reading.timeMs);
    const boundaryMs = this.logTime.advance(timestampMs);
    device.heardMs = Math.max(device.heardMs, Math.min(timestampMs, this.logTime.timeMs));
    foldLatest(device, reading, offset);
    if (boundaryMs !== null) for (const quiet of this.devices.values()) this.#moveOn(quiet, boundaryMs, offset);
    this.#foldWindows(device, beforeMs, reading, offset);
    this.#end(device, offset);
    this.#foldAlerts(device, reading, offset);
    return 'counted';
  }

  /** Less lateness allowed may close windows at once. */
  #changeOver(timeMs: number, offset: number): void {
    for (const device of this.devices.values()) {
      changeOver(device, this.told, { timeMs, offset });
      this.#end(device, offset);
    }
    this.#toldBefore = this.told;
  }

  /** Log time closes the windows of a device that was not heard of for longer than the allowed lateness. */
  #moveOn(device: ExpectedDevice, boundaryMs: number, offset: number): void {
    const toMs = movedBy(this.told, device, boundaryMs);
    if (toMs === null) return;
    device.watermarkMs = Math.max(device.watermarkMs, toMs);
    this.#end(device, offset);
  }

  #foldWindows(device: ExpectedDevice, beforeMs: number, { timeMs, values }: Reading, offset: number): void {
    for (const rule of this.told.windows) {
      for (const [metric, value] of values) {
        const full = fill(this.windows, device, rule, { metric, value, timeMs, beforeMs });
        if (full !== null) this.#decideOn(device, full, offset);
      }
    }
  }

  #end(device: ExpectedDevice, offset: number): void {
    for (const window of endWindows(device.open, device.watermarkMs)) this.#decideOn(device, window, offset);
  }

  /** A window that ends is decided on once: by what it held then. */
  #decideOn(device: ExpectedDevice, window: ExpectedWindow, offset: number): void {
    const value = Math.max(...window.values.map((one) => one.value));
    for (const rule of this.told.alerts) {
      if (rule.maxOf === window.rule.id && rule.metric === window.metric)
        this.#decide(device, rule, { value, timeMs: endOf(window), offset });
    }
  }

  /** Only the newest reading of a metric decides. */
  #foldAlerts(device: ExpectedDevice, { timeMs, values }: Reading, offset: number): void {
    for (const [metric, value] of values) {
      if (device.readings.get(metric)?.atMs !== timeMs) continue;
      for (const rule of this.told.alerts) {
        if (rule.maxOf === null && rule.metric === metric) this.#decide(device, rule, { value, timeMs, offset });
      }
    }
  }

  #decide(device: ExpectedDevice, rule: AlertRule, moment: Moment): void {
    const episode = device.episodes.get(rule.id) ?? new Episode(rule, device.id);
    device.episodes.set(rule.id, episode);
    const raised = episode.decide(moment);
    if (raised !== null) this.alerts.push(raised);
  }
}

const newDevice = (id: string): ExpectedDevice => ({
  id,
  eventTimeMs: -Infinity,
  quality: 'good',
  profile: null,
  offset: -1,
  readings: new Map(),
  watermarkMs: -Infinity,
  heardMs: -Infinity,
  ids: new Map(),
  open: new Set(),
  full: new Set(),
  partialUntil: new Map(),
  episodes: new Map(),
});

/** Sent before, and not further behind the newest message of its device than is remembered. */
const isRepeated = ({ ids }: ExpectedDevice, { messageId, timeMs }: Reading, { dedupeMs }: Told): boolean => {
  if (messageId === null) return false;
  const newestMs = Math.max(-Infinity, ...ids.values());
  for (const [id, atMs] of ids) if (atMs < newestMs - dedupeMs) ids.delete(id);
  if (ids.has(messageId)) return true;
  ids.set(messageId, timeMs);
  return false;
};

const foldLatest = (device: ExpectedDevice, reading: Reading, offset: number): void => {
  device.offset = offset;
  if (reading.timeMs >= device.eventTimeMs) {
    device.eventTimeMs = reading.timeMs;
    device.quality = reading.quality;
    device.profile = reading.profile;
  }
  for (const [metric, value] of reading.values) {
    const known = device.readings.get(metric);
    if (known === undefined || reading.timeMs >= known.atMs)
      device.readings.set(metric, { value, atMs: reading.timeMs });
  }
};
