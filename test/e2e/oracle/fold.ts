import { LogTime } from './log-time.js';
import { readRecord, type Reading } from './read-record.js';
import { type AlertRule, type LogRecord, type Told, told as usual } from './rules.js';

/** Everything that must be in the store and in the dead-letter topic once a partition is settled up to `next`. */
export interface Expected {
  readonly told: Told;
  readonly devices: ReadonlyMap<string, ExpectedDevice>;
  /** By `device metric start`. */
  readonly windows: ReadonlyMap<string, ExpectedWindow>;
  readonly alerts: readonly ExpectedAlert[];
  /** Reason by offset. */
  readonly dead: ReadonlyMap<number, string>;
  readonly tally: Readonly<Record<'read' | 'counted' | 'duplicate' | 'late' | 'dead' | 'skipped', number>>;
  readonly logTime: { readonly timeMs: number; readonly ahead: readonly number[] };
  readonly next: number;
}

export interface ExpectedDevice {
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
  readonly episodes: Map<AlertRule, ExpectedAlert>;
}

export interface ExpectedWindow {
  readonly device: string;
  readonly metric: string;
  readonly startMs: number;
  /** In the order of the log. */
  readonly values: { readonly value: number; readonly timeMs: number }[];
  revision: number;
  isClosed: boolean;
}

export interface ExpectedAlert {
  readonly rule: AlertRule;
  readonly device: string;
  readonly raised: Moment;
  cleared: Moment | null;
  peak: number;
}

export interface Moment {
  readonly value: number;
  readonly timeMs: number;
  readonly offset: number;
}

const startOf = (timeMs: number, { windowMs }: Told): number => Math.floor(timeMs / windowMs) * windowMs;
const closesAt = (timeMs: number, told: Told): number => startOf(timeMs, told) + told.windowMs + told.latenessMs;

/**
 * Folds one partition's records, in order of offset. Slow and plain: every window keeps all of its values. After each record `seen` is
 * shown what is expected by then; it must not keep it.
 */
export const foldPartition = (
  records: readonly LogRecord[],
  told: Told = usual,
  seen: (expected: Expected) => void = () => undefined,
): Expected => {
  const folding = new Folding(told);
  for (const record of records) {
    folding.take(record);
    seen(folding);
  }
  return folding;
};

class Folding implements Expected {
  readonly devices = new Map<string, ExpectedDevice>();
  readonly windows = new Map<string, ExpectedWindow>();
  readonly alerts: ExpectedAlert[] = [];
  readonly dead = new Map<number, string>();
  readonly tally = { read: 0, counted: 0, duplicate: 0, late: 0, dead: 0, skipped: 0 };
  next = 0;
  readonly logTime: LogTime;

  constructor(readonly told: Told) {
    this.logTime = new LogTime(told.windowMs);
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
    const device = this.devices.get(reading.device) ?? newDevice();
    this.devices.set(reading.device, device);
    if (isRepeated(device, reading, this.told)) return 'duplicate';
    if (closesAt(reading.timeMs, this.told) <= device.watermarkMs) {
      this.dead.set(offset, 'late');
      return 'late';
    }
    const beforeMs = device.watermarkMs;
    device.watermarkMs = Math.max(beforeMs, reading.timeMs);
    const boundaryMs = this.logTime.advance(timestampMs);
    device.heardMs = Math.max(device.heardMs, Math.min(timestampMs, this.logTime.timeMs));
    foldLatest(device, reading, offset);
    if (boundaryMs !== null) for (const quiet of this.devices.values()) closeQuiet(quiet, boundaryMs, this.told);
    this.#foldWindows(device, beforeMs, reading);
    this.#foldAlerts(device, reading, offset);
    return 'counted';
  }

  #foldWindows(device: ExpectedDevice, beforeMs: number, reading: Reading): void {
    const startMs = startOf(reading.timeMs, this.told);
    for (const [metric, value] of reading.values) {
      const key = `${reading.device} ${metric} ${startMs}`;
      let window = this.windows.get(key);
      if (window === undefined) {
        window = { device: reading.device, metric, startMs, values: [], revision: 0, isClosed: false };
        this.windows.set(key, window);
        device.open.add(window);
      }
      window.values.push({ value, timeMs: reading.timeMs });
      // A record behind the end of its window corrects it, whether or not the window had held anything before.
      if (beforeMs >= startMs + this.told.windowMs) window.revision += 1;
    }
    endWindows(device, this.told);
  }

  /** Only the newest reading of a metric decides. */
  #foldAlerts(device: ExpectedDevice, reading: Reading, offset: number): void {
    for (const [metric, value] of reading.values) {
      if (device.readings.get(metric)?.atMs !== reading.timeMs) continue;
      const now = { value, timeMs: reading.timeMs, offset };
      for (const rule of this.told.alerts) {
        if (rule.metric !== metric) continue;
        const episode = device.episodes.get(rule);
        if (episode === undefined) {
          if (rule.above ? value <= rule.raise : value >= rule.raise) continue;
          const alert = { rule, device: reading.device, raised: now, cleared: null, peak: value };
          device.episodes.set(rule, alert);
          this.alerts.push(alert);
        } else if (rule.above ? value <= rule.clear : value >= rule.clear) {
          episode.cleared = now;
          device.episodes.delete(rule);
        } else {
          episode.peak = rule.above ? Math.max(episode.peak, value) : Math.min(episode.peak, value);
        }
      }
    }
  }
}

const newDevice = (): ExpectedDevice => ({
  eventTimeMs: -Infinity,
  quality: 'good',
  profile: null,
  offset: -1,
  readings: new Map(),
  watermarkMs: -Infinity,
  heardMs: -Infinity,
  ids: new Map(),
  open: new Set(),
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

/** Windows whose end the watermark has reached become revision 1, those past the allowed lateness are closed. */
const endWindows = (device: ExpectedDevice, { windowMs, latenessMs }: Told): void => {
  for (const window of device.open) {
    const endMs = window.startMs + windowMs;
    if (device.watermarkMs >= endMs) window.revision = Math.max(window.revision, 1);
    if (device.watermarkMs >= endMs + latenessMs) {
      window.isClosed = true;
      device.open.delete(window);
    }
  }
};

/** Log time closes the windows of a device that was not heard of for longer than the allowed lateness. */
const closeQuiet = (device: ExpectedDevice, boundaryMs: number, told: Told): void => {
  if (device.heardMs + told.latenessMs >= boundaryMs) return;
  const closesMs = closesAt(device.eventTimeMs, told);
  if (closesMs > boundaryMs) return;
  device.watermarkMs = Math.max(device.watermarkMs, closesMs);
  endWindows(device, told);
};
