import { map as mapRight } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Profile } from '../model/device.js';
import type { MetricSetting } from '../model/settings.js';
import type { Quality } from '../model/telemetry.js';
import { orAbsent } from './or-absent.js';
import { ConstantBytes } from './json/constant-bytes.js';
import type { JsonBytes } from './json/json-bytes.js';
import { type MemberHeads, memberHeads } from './json/member-heads.js';
import type { Memory, WriteJson } from './partition-state.js';
import { profileText, StoredProfile } from './stored-profile.js';

/** A device's latest readings as they are stored, once something has counted; values in canonical units. */
export const StoredLatest = t.type({
  /** The newest event time, epoch ms. */
  eventTimeMs: t.number,
  /** Of the last record folded, whatever its event time. */
  offset: t.number,
  /** `good` is not written. */
  quality: orAbsent(t.keyof({ good: null, uncertain: null, bad: null })),
  /** By metric name. */
  values: t.record(t.string, t.number),
  /** How far behind `eventTimeMs` values were read, by metric name; 0 is not written. */
  agesMs: orAbsent(t.record(t.string, t.number)),
  profile: StoredProfile,
  /** Ids of checks that the newest reading of a metric broke, by metric name; under `*` those that the newest record broke as a whole. */
  flags: orAbsent(t.record(t.string, t.array(t.string))),
});
export type StoredLatest = t.TypeOf<typeof StoredLatest>;

export const unknownProfile: Profile = { type: null, status: null, location: null, info: null };

/** A value, and the event time it was read at, epoch ms. */
export interface Reading {
  readonly value: number;
  readonly atMs: number;
}

const noBytes = new ConstantBytes('');

/** What `latest` remembers of a device. */
export class Latest {
  quality: Quality = 'good';
  profile: Profile = unknownProfile;
  /** By metric index, two doubles each: the value and its event time; NaN and −Infinity stand for never. */
  readonly readings: number[] = [];
  /** As stored; null as long as there are none. */
  flags: Record<string, string[]> | null = null;
  #writtenProfile: Profile | null = null;
  #profileJson = noBytes;

  constructor(
    metrics: number,
    /** Newest event time, epoch ms; −Infinity for never. */
    public eventTimeMs: number,
    public offset: number,
    /** Readings of metrics that are not in the table any more. */
    readonly retired: Readonly<Record<string, Reading>>,
  ) {
    for (let i = 0; i < metrics; i += 1) this.readings.push(NaN, -Infinity);
  }

  /** The last member. A profile is one object as long as nothing in it changes: it is written once. */
  get profileJson(): ConstantBytes {
    if (this.#writtenProfile !== this.profile) {
      this.#writtenProfile = this.profile;
      this.#profileJson = new ConstantBytes(`,"profile":${profileText(this.profile)}}`);
    }
    return this.#profileJson;
  }
}

/** Shared by `latest`, which writes it, and by whoever needs the newest readings behind it. */
export const latestMemory = (metrics: readonly MetricSetting[]): Memory<Latest> => {
  const names = metrics.map(({ name }) => memberHeads(name));
  return {
    name: 'latest',
    create: () => new Latest(metrics.length, -Infinity, -1, nothingRetired),
    encode: (latest): WriteJson | undefined =>
      latest.eventTimeMs === -Infinity ? undefined : (json) => write(latest, names, json),
    decode: (value) => mapRight((stored: StoredLatest) => latestOf(stored, metrics))(StoredLatest.decode(value)),
  };
};

/** The newest readings by metric name; metrics never read are left out. */
export const readingsOf = (
  { readings, retired }: Pick<Latest, 'readings' | 'retired'>,
  metrics: readonly MetricSetting[],
): Readonly<Record<string, Reading>> => {
  const byName: Record<string, Reading> = { ...retired };
  for (let i = 0; i < metrics.length; i += 1) {
    const value = readings[2 * i] ?? NaN;
    const metric = metrics[i];
    if (metric !== undefined && !Number.isNaN(value)) byName[metric.name] = { value, atMs: readings[2 * i + 1] ?? NaN };
  }
  return byName;
};

/** The same of what is stored. */
export const storedReadings = ({ eventTimeMs, values, agesMs }: StoredLatest): Readonly<Record<string, Reading>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, atMs: eventTimeMs - (agesMs?.[name] ?? 0) }]),
  );

const nothingRetired: Readonly<Record<string, Reading>> = {};

const member = {
  eventTime: new ConstantBytes('{"eventTimeMs":'),
  offset: new ConstantBytes(',"offset":'),
  values: new ConstantBytes(',"values":'),
  ages: new ConstantBytes(',"agesMs":'),
};
const [openingBrace, closingBrace] = [0x7b, 0x7d];

const write = (latest: Latest, names: readonly MemberHeads[], json: JsonBytes): true => {
  const { eventTimeMs, offset, quality, flags } = latest;
  json.constant(member.eventTime);
  json.number(eventTimeMs);
  json.constant(member.offset);
  json.number(offset);
  if (quality !== 'good') json.text(`,"quality":"${quality}"`);
  json.constant(member.values);
  writeValues(latest, names, json);
  writeAges(latest, names, json);
  if (flags !== null) json.text(`,"flags":${JSON.stringify(flags)}`);
  json.constant(latest.profileJson);
  return true;
};

const writeValues = ({ readings, retired }: Latest, names: readonly MemberHeads[], json: JsonBytes): void => {
  let isFirst = true;
  for (let i = 0; i < names.length; i += 1) {
    const [value, name] = [readings[2 * i] ?? NaN, names[i]];
    if (name === undefined || Number.isNaN(value)) continue;
    json.constant(isFirst ? name.first : name.further);
    json.number(value);
    isFirst = false;
  }
  if (retired !== nothingRetired) {
    for (const [name, { value }] of Object.entries(retired)) {
      json.text(`${isFirst ? '{' : ','}${JSON.stringify(name)}:${JSON.stringify(value)}`);
      isFirst = false;
    }
  }
  if (isFirst) json.sign(openingBrace);
  json.sign(closingBrace);
};

/** Only of values that were not read at the newest event time. */
const writeAges = (
  { eventTimeMs, readings, retired }: Latest,
  names: readonly MemberHeads[],
  json: JsonBytes,
): void => {
  const before = json.length;
  json.constant(member.ages);
  let isFirst = true;
  for (let i = 0; i < names.length; i += 1) {
    const [atMs, name] = [readings[2 * i + 1] ?? NaN, names[i]];
    if (name === undefined || Number.isNaN(readings[2 * i] ?? NaN) || atMs === eventTimeMs) continue;
    json.constant(isFirst ? name.first : name.further);
    json.number(eventTimeMs - atMs);
    isFirst = false;
  }
  if (retired !== nothingRetired) {
    for (const [name, { atMs }] of Object.entries(retired)) {
      json.text(`${isFirst ? '{' : ','}${JSON.stringify(name)}:${JSON.stringify(eventTimeMs - atMs)}`);
      isFirst = false;
    }
  }
  if (isFirst) json.rewind(before);
  else json.sign(closingBrace);
};

const latestOf = (stored: StoredLatest, metrics: readonly MetricSetting[]): Latest => {
  const readings = storedReadings(stored);
  const isRetired = ([name]: readonly [string, Reading]) => !metrics.some((metric) => metric.name === name);
  const left = Object.entries(readings).filter(isRetired);
  const retired = left.length === 0 ? nothingRetired : Object.fromEntries(left);
  const latest = new Latest(metrics.length, stored.eventTimeMs, stored.offset, retired);
  latest.quality = stored.quality ?? 'good';
  latest.profile = stored.profile;
  latest.flags = stored.flags ?? null;
  metrics.forEach(({ name }, i) => {
    latest.readings[2 * i] = readings[name]?.value ?? NaN;
    latest.readings[2 * i + 1] = readings[name]?.atMs ?? -Infinity;
  });
  return latest;
};
