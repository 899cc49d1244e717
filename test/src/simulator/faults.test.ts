import { describe, expect, it } from 'vitest';
import { faultKinds, type FaultKind, type PlantedFault } from '../../../src/simulator/faults.js';
import { type SimulatedRecord, Simulator } from '../../../src/simulator/simulator.js';

const startMs = Date.UTC(2026, 0, 2, 3, 0, 0);
const none = { bad: 0, late: 0, future: 0, duplicate: 0 };

/** Twenty minutes of 40 devices, each every two seconds, in the flat format. */
const made = (
  faultShare: number,
): { readonly records: readonly SimulatedRecord[]; readonly planted: readonly PlantedFault[] } => {
  const simulator = new Simulator({
    devices: 40,
    seed: 7,
    shape: 'flat',
    shares: none,
    startMs,
    stepMs: 50,
    faultShare,
  });
  const records = Array.from({ length: 24_000 }, () => simulator.next());
  return { records, planted: simulator.faults?.listed ?? [] };
};

const { records, planted } = made(0.5);
const of = (kind: FaultKind): readonly PlantedFault[] => planted.filter((fault) => fault.kind === kind);

/** Readings of the faulty sensor from the beginning of its fault to its end. */
const readings = ({ device, metric, fromMs, toMs }: PlantedFault): readonly number[] =>
  records.flatMap(({ key, value }) => {
    if (key !== device) return [];
    const body = JSON.parse(String(value)) as Record<string, string | number>;
    const atMs = Date.parse(String(body['timestamp']));
    return atMs >= fromMs && atMs < toMs ? [Number(body[metric ?? 'temperature'])] : [];
  });

describe('faults of simulated devices', () => {
  it('are of every kind, and the same of the same seed', () => {
    for (const kind of faultKinds) expect(of(kind).length).toBeGreaterThan(5);
    const again = made(0.5);
    expect(again.planted).toEqual(planted);
    expect(again.records).toEqual(records);
  });

  it('are none unless they are asked for', () => {
    expect(made(0).planted).toEqual([]);
  });

  /** A reading is taken up to 250 ms before it is sent. */
  it('of silence leave no reading', () => {
    for (const fault of of('silence')) expect(readings({ ...fault, toMs: fault.toMs - 250 })).toEqual([]);
  });

  it('of a stuck sensor show the same again and again', () => {
    for (const fault of of('stuck')) {
      const shown = readings(fault);
      expect(shown.length).toBeGreaterThan(10);
      expect(new Set(shown).size).toBe(1);
    }
  });

  it('of a spike show one reading far off', () => {
    for (const fault of of('spike')) {
      const sorted = [...readings(fault)].sort((a, b) => b - a);
      expect((sorted[0] ?? NaN) - (sorted[1] ?? NaN)).toBeGreaterThan(5);
    }
  });

  it('of drift end far from where they began', () => {
    for (const fault of of('drift')) {
      const shown = readings(fault);
      expect((shown.at(-1) ?? NaN) - (shown[0] ?? NaN)).toBeGreaterThan(10);
    }
  });
});
