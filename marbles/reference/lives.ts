import type { AlertReason } from '../../streams/model/alert.js';
import type { Sourced } from '../../streams/model/chunk.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import type { AlertRule, Rules } from '../../streams/rules/rules.js';
import { byKey } from './in-and-out.js';

interface Turn {
  readonly rule: string;
  readonly device: string;
  readonly reason: AlertReason;
  readonly offset: number;
}

interface Reading {
  readonly value: number;
  readonly atMs: number;
  readonly offset: number;
}

/** What becomes of alerts with one level on readings, each turn looked for in all readings that were newest when they came. */
export const livesOf = (given: readonly Sourced<Telemetry>[], { alerts }: Rules): readonly Turn[] =>
  [...byKey(given, ({ value }) => value.device.id)].flatMap(([device, records]) =>
    alerts.flatMap((rule) => {
      const { input } = rule;
      if (input._tag !== 'reading') return [];
      const readings = records.flatMap(({ value, origin }): readonly Reading[] => {
        const number = value.readings[input.metric] ?? NaN;
        return Number.isNaN(number) ? [] : [{ value: number, atMs: value.eventTimeMs, offset: origin.offset }];
      });
      const newest = readings.filter(({ atMs }, i) => readings.slice(0, i).every((before) => before.atMs <= atMs));
      return turns(rule, newest).map((turn) => ({ rule: rule.id, device, ...turn }));
    }),
  );

const turns = (rule: AlertRule, readings: readonly Reading[]): readonly Pick<Turn, 'reason' | 'offset'>[] => {
  const raisedAt = lasting(readings, (reading) => isBeyond(rule, reading), rule.forMs);
  const raised = readings[raisedAt];
  if (raised === undefined) return [];
  const rest = readings.slice(raisedAt + 1);
  const clearedAt = lasting(rest, (reading) => isOver(rule, reading), rule.keepForMs);
  const between = clearedAt < 0 ? rest : rest.slice(0, clearedAt);
  const changes = between.flatMap((reading, i): readonly Pick<Turn, 'reason' | 'offset'>[] => {
    const before = between[i - 1];
    const [was, is] = [before !== undefined && isOver(rule, before), isOver(rule, reading)];
    return was === is ? [] : [{ reason: is ? 'recovering' : 'relapsed', offset: reading.offset }];
  });
  const cleared = rest[clearedAt];
  return [
    { reason: 'raised', offset: raised.offset },
    ...changes,
    ...(cleared === undefined ? [] : [{ reason: 'cleared' as const, offset: cleared.offset }]),
    ...(cleared === undefined ? [] : turns(rule, rest.slice(clearedAt + 1))),
  ];
};

/** The first reading at which something has been so for long enough, at every reading without a break; −1 for none. */
const lasting = (readings: readonly Reading[], isSo: (reading: Reading) => boolean, forMs: number): number =>
  readings.findIndex((reading, i) =>
    readings.some(
      ({ atMs }, from) => from <= i && reading.atMs - atMs >= forMs && readings.slice(from, i + 1).every(isSo),
    ),
  );

const levelsOf = ({ levels: [level] }: AlertRule) => {
  const { raise, clear } = level ?? {};
  const [[raisedAt], [clearedAt]] = [raise?.edges ?? [], clear?.edges ?? []];
  if (raise === undefined || raisedAt === undefined || clearedAt === undefined) return null;
  return { sign: raise.text.startsWith('>') ? 1 : -1, raise: raisedAt, clear: clearedAt };
};

const isBeyond = (rule: AlertRule, { value }: Reading): boolean => {
  const { sign, raise } = levelsOf(rule) ?? { sign: NaN, raise: NaN };
  return sign * (value - raise) > 0;
};

const isOver = (rule: AlertRule, { value }: Reading): boolean => {
  const { sign, clear } = levelsOf(rule) ?? { sign: NaN, clear: NaN };
  return sign * (value - clear) <= 0;
};
