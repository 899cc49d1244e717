import { describe, expect, it } from 'vitest';
import { KeptRows } from '../../../../streams/codecs/layouts/kept-rows.js';

/** Owners and rows of a hash, in the order in which they are found. */
const of = (
  rows: KeptRows<string>,
  hash: number,
  length: number,
): readonly (readonly [string | undefined, number[]])[] => {
  const found: [string | undefined, number[]][] = [];
  for (let slot = rows.first(hash); slot >= 0; slot = rows.next(slot, hash)) {
    found.push([rows.owner(slot), [...rows.numbers.subarray(rows.row(slot), rows.row(slot) + length)]]);
  }
  return found;
};

describe('KeptRows', () => {
  it('finds what was kept by its hash, however many there are', () => {
    const rows = new KeptRows<string>();
    for (let i = 0; i < 5_000; i += 1) rows.add(i * 7 - 9_000, [i, i + 0.5], `owner ${i}`);
    for (let i = 0; i < 5_000; i += 1) expect(of(rows, i * 7 - 9_000, 2)).toEqual([[`owner ${i}`, [i, i + 0.5]]]);
    expect(rows.first(1)).toBe(-1);
  });

  it('keeps hashes that share a place apart', () => {
    const rows = new KeptRows<string>();
    rows.add(3, [3], 'three');
    rows.add(3 + 64, [67], 'further');
    expect([of(rows, 3, 1), of(rows, 67, 1), of(rows, 131, 1)]).toEqual([[['three', [3]]], [['further', [67]]], []]);
  });

  it('keeps a few of one hash, and after that the newest in the place of the one found last', () => {
    const rows = new KeptRows<string>();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) rows.add(1, [name.charCodeAt(0)], name);
    expect(of(rows, 1, 1).map(([name]) => name)).toEqual(['a', 'b', 'c', 'f']);
    expect(of(rows, 1, 1).at(-1)).toEqual(['f', ['f'.charCodeAt(0)]]);
    rows.add(1, [1, 2, 3], 'longer');
    expect(of(rows, 1, 3).at(-1)).toEqual(['longer', [1, 2, 3]]);
  });

  it('puts one before another', () => {
    const rows = new KeptRows<string>();
    for (const name of ['a', 'b', 'c']) rows.add(1, [name.charCodeAt(0)], name);
    const first = rows.first(1);
    rows.swap(first, rows.next(rows.next(first, 1), 1));
    expect(of(rows, 1, 1)).toEqual([
      ['c', [99]],
      ['b', [98]],
      ['a', [97]],
    ]);
  });

  it('keeps no more rows than it may, and in time lets go of those of the past', () => {
    const rows = new KeptRows<string>();
    const hash = (i: number): number => Math.imul(i, 0x9e3779b1);
    for (let i = 0; i < 40_000; i += 1) rows.add(hash(i), [i], 'x');
    expect([of(rows, hash(32_767), 1), of(rows, hash(32_768), 1)]).toEqual([[['x', [32_767]]], []]);
    for (let i = 0; i < 16 * 32_768; i += 1) rows.add(hash(i + 40_000), [i], 'x');
    expect(rows.first(hash(1))).toBe(-1);
    rows.add(hash(1), [5], 'again');
    expect(of(rows, hash(1), 1)).toEqual([['again', [5]]]);
  });

  it('keeps no more numbers than it may', () => {
    const rows = new KeptRows<string>();
    const row = Array.from({ length: 10_000 }, (_, i) => i);
    for (let i = 0; i < 200; i += 1) rows.add(i, row, `owner ${i}`);
    expect(rows.numbers.length).toBeLessThanOrEqual(1 << 20);
    expect([of(rows, 103, 10_000), of(rows, 104, 1)]).toEqual([[['owner 103', row]], []]);
  });

  it('does not grow when of one hash others come and go', () => {
    const rows = new KeptRows<string>();
    for (let i = 0; i < 200_000; i += 1) rows.add(1, [i, i, i], 'x');
    rows.add(2, [1], 'y');
    expect([rows.numbers.length, of(rows, 2, 1)]).toEqual([1_024, [['y', [1]]]]);
  });
});
