import { readRecord, type Reading } from './read-record.js';
import { type LogRecord, rules } from './rules.js';

/** Everything that must be in the store and in the dead-letter topic once a partition is settled up to `next`. */
export interface Expected {
  readonly devices: Map<string, ExpectedDevice>;
  /** By `device metric start`. */
  readonly windows: Map<string, ExpectedWindow>;
  readonly alerts: ExpectedAlert[];
  /** Reason by offset. */
  readonly dead: Map<number, string>;
  readonly tally: { read: number; counted: number; duplicate: number; late: number; dead: number; skipped: number };
  next: number;
}

export interface ExpectedDevice {
  eventTimeMs: number;
  offset: number;
  readonly readings: Map<string, { value: number; atMs: number }>;
}

export interface ExpectedWindow {
  readonly device: string;
  readonly metric: string;
  readonly startMs: number;
  readonly values: { value: number; timeMs: number; offset: number }[];
  revision: number;
  isClosed: boolean;
}

export interface ExpectedAlert {
  readonly device: string;
  readonly metric: string;
  readonly raise: number;
  readonly raisedOffset: number;
  clearedOffset: number | null;
  peak: number;
}

interface DeviceMemory {
  watermarkMs: number;
  lastIngestMs: number;
  readonly ids: Map<string, number>;
  readonly open: Set<ExpectedWindow>;
  readonly evaluatedMs: Map<string, number>;
  readonly episodes: Map<number, ExpectedAlert>;
}

const startOf = (timeMs: number): number => Math.floor(timeMs / rules.windowMs) * rules.windowMs;
const tickMs = Math.max(1_000, rules.windowMs / 10);

/** Folds one partition's records, in order of offset. Slow and plain: every window keeps all of its values. */
export const foldPartition = (records: readonly LogRecord[]): Expected => {
  const expected: Expected = {
    devices: new Map(),
    windows: new Map(),
    alerts: [],
    dead: new Map(),
    tally: { read: 0, counted: 0, duplicate: 0, late: 0, dead: 0, skipped: 0 },
    next: 0,
  };
  const memories = new Map<string, DeviceMemory>();
  const logTime = new LogTime();
  for (const record of records) {
    expected.tally.read += 1;
    expected.next = record.offset + 1;
    const said = readRecord(record);
    if (said._tag === 'skipped') {
      expected.tally.skipped += 1;
    } else if (said._tag === 'dead') {
      expected.tally.dead += 1;
      expected.dead.set(record.offset, said.reason);
    } else {
      expected.tally[foldReading(expected, memories, logTime, said, record)] += 1;
    }
  }
  return expected;
};

const foldReading = (
  expected: Expected,
  memories: Map<string, DeviceMemory>,
  logTime: LogTime,
  reading: Reading,
  record: LogRecord,
): 'counted' | 'duplicate' | 'late' => {
  const memory = memories.get(reading.device) ?? {
    watermarkMs: -Infinity,
    lastIngestMs: -Infinity,
    ids: new Map<string, number>(),
    open: new Set<ExpectedWindow>(),
    evaluatedMs: new Map<string, number>(),
    episodes: new Map<number, ExpectedAlert>(),
  };
  memories.set(reading.device, memory);
  if (reading.messageId !== null && isRepeated(memory, reading.messageId, reading.timeMs)) return 'duplicate';
  if (startOf(reading.timeMs) + rules.windowMs + rules.latenessMs <= memory.watermarkMs) {
    expected.dead.set(record.offset, 'late');
    return 'late';
  }
  const before = memory.watermarkMs;
  memory.watermarkMs = Math.max(before, reading.timeMs);
  memory.lastIngestMs = Math.max(memory.lastIngestMs, record.timestampMs);
  const boundaryMs = logTime.advance(record.timestampMs);
  if (boundaryMs !== null) for (const quiet of memories.values()) closeQuiet(quiet, boundaryMs);
  foldLatest(expected, reading, record.offset);
  foldWindows(expected, memory, before, reading, record.offset);
  foldAlerts(expected, memory, reading, record.offset);
  return 'counted';
};

const isRepeated = (memory: DeviceMemory, id: string, timeMs: number): boolean => {
  const newest = Math.max(-Infinity, ...memory.ids.values());
  const rememberedMs = memory.ids.get(id);
  if (rememberedMs !== undefined && rememberedMs >= newest - rules.dedupeMs) return true;
  memory.ids.set(id, timeMs);
  for (const [other, otherMs] of memory.ids) if (otherMs < newest - rules.dedupeMs) memory.ids.delete(other);
  return false;
};

const foldLatest = (expected: Expected, reading: Reading, offset: number): void => {
  const device = expected.devices.get(reading.device) ?? { eventTimeMs: -Infinity, offset, readings: new Map() };
  expected.devices.set(reading.device, device);
  device.eventTimeMs = Math.max(device.eventTimeMs, reading.timeMs);
  device.offset = offset;
  for (const [metric, value] of reading.values) {
    const known = device.readings.get(metric);
    if (known === undefined || reading.timeMs >= known.atMs) device.readings.set(metric, { value, atMs: reading.timeMs });
  }
};

const foldWindows = (expected: Expected, memory: DeviceMemory, beforeMs: number, reading: Reading, offset: number): void => {
  const startMs = startOf(reading.timeMs);
  for (const [metric, value] of reading.values) {
    const key = `${reading.device} ${metric} ${startMs}`;
    let window = expected.windows.get(key);
    if (window === undefined) {
      window = { device: reading.device, metric, startMs, values: [], revision: 0, isClosed: false };
      expected.windows.set(key, window);
      memory.open.add(window);
    }
    window.values.push({ value, timeMs: reading.timeMs, offset });
    // A record behind the end of its window corrects it, whether or not the window had held anything before.
    if (beforeMs >= startMs + rules.windowMs) window.revision += 1;
  }
  endWindows(memory);
};

/** Windows whose end the watermark has reached become revision 1, those past the allowed lateness are closed. */
const endWindows = (memory: DeviceMemory): void => {
  for (const window of memory.open) {
    const endMs = window.startMs + rules.windowMs;
    if (memory.watermarkMs >= endMs) window.revision = Math.max(window.revision, 1);
    if (memory.watermarkMs >= endMs + rules.latenessMs) {
      window.isClosed = true;
      memory.open.delete(window);
    }
  }
};

const closeQuiet = (memory: DeviceMemory, boundaryMs: number): void => {
  if (memory.watermarkMs === -Infinity) return;
  const closesMs = startOf(memory.watermarkMs) + rules.windowMs + rules.latenessMs;
  if (memory.lastIngestMs + rules.latenessMs > boundaryMs || closesMs > boundaryMs) return;
  memory.watermarkMs = Math.max(memory.watermarkMs, closesMs);
  endWindows(memory);
};

const foldAlerts = (expected: Expected, memory: DeviceMemory, reading: Reading, offset: number): void => {
  for (const [metric, value] of reading.values) {
    if (reading.timeMs < (memory.evaluatedMs.get(metric) ?? -Infinity)) continue;
    memory.evaluatedMs.set(metric, reading.timeMs);
    for (const [index, rule] of rules.alerts.entries()) {
      if (rule.metric !== metric) continue;
      const beyond = rule.above ? value > rule.raise : value < rule.raise;
      const isOver = rule.above ? value <= rule.clear : value >= rule.clear;
      const episode = memory.episodes.get(index);
      if (episode === undefined) {
        if (!beyond) continue;
        const alert = { device: reading.device, metric, raise: rule.raise, raisedOffset: offset, clearedOffset: null, peak: value };
        memory.episodes.set(index, alert);
        expected.alerts.push(alert);
      } else {
        episode.peak = rule.above ? Math.max(episode.peak, value) : Math.min(episode.peak, value);
        if (!isOver) continue;
        episode.clearedOffset = offset;
        memory.episodes.delete(index);
      }
    }
  }
};

/** Log time: the greatest Kafka timestamp counted; a jump ahead is believed only after many records agree on it. */
class LogTime {
  #timeMs = -Infinity;
  #ahead: number[] = [];

  /** The tick that was crossed, or null. */
  advance(timestampMs: number): number | null {
    const beforeMs = this.#timeMs;
    if (beforeMs === -Infinity) this.#timeMs = timestampMs;
    else if (timestampMs <= beforeMs + rules.maxAheadMs) {
      this.#ahead = [];
      this.#timeMs = Math.max(beforeMs, timestampMs);
    } else {
      this.#ahead.push(timestampMs);
      if (this.#ahead.length >= rules.jumpRecords) {
        this.#timeMs = Math.min(...this.#ahead);
        this.#ahead = [];
      }
    }
    const tick = Math.floor(this.#timeMs / tickMs);
    return tick > Math.floor(beforeMs / tickMs) ? tick * tickMs : null;
  }
}
