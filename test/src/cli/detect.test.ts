import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { detectors } from '../../../streams/detectors/registry.js';
import { weir } from './run-weir.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-detect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileWith = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const startMs = Date.UTC(2026, 0, 1);
const at = (i: number): string => new Date(startMs + i * 60_000).toISOString();

/** 20 to 24, and one 90. */
const values = Array.from({ length: 120 }, (_, i) => (i === 100 ? 90 : 20 + ((i * 7) % 5)));
const csv = (header: string, row: (value: number, i: number) => string): string =>
  `${[header, ...values.map(row)].join('\n')}\n`;
const recorded = csv('timestamp,value', (value, i) => `${at(i)},${value}`);

interface Line {
  readonly timestamp: string | number;
  readonly value: number | null;
  readonly score: number;
  readonly low: number | null;
  readonly high: number | null;
}

const linesOf = (out: string): readonly Line[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const scoresBy = async (file: string, ...args: readonly string[]): Promise<readonly Line[]> => {
  const { code, out, err } = await weir('detect', file, '--detector', 'ewma', '--json', ...args);
  expect([code, err]).toEqual([0, '']);
  return linesOf(out);
};

describe('weir detect', () => {
  it('helps, and says of every detector what it finds and what can be set', async () => {
    const { usage, out } = await weir('detect', '--help');
    expect(usage).toBe(0);
    expect(out).toMatch(/ 2 {3}the command line/);
    for (const { name, about, settings } of detectors) {
      expect(out).toContain(`${name}: ${about.finds}`);
      for (const field of Object.keys(settings.fields)) expect(out).toContain(`${field}=`);
    }
  });

  it('gives one JSON line a reading, with the time as it was written', async () => {
    const lines = await scoresBy(fileWith('a.csv', recorded));
    expect(lines.map(({ timestamp, value }) => [timestamp, value])).toEqual(values.map((value, i) => [at(i), value]));
    expect(lines.filter(({ score }) => score >= 0.5).map(({ timestamp }) => timestamp)).toEqual([at(100)]);
    expect(lines[0]).toMatchObject({ score: 0, low: null, high: null });
    const { low, high } = lines[99] ?? {};
    expect(low).toBeLessThan(20);
    expect(high).toBeGreaterThan(24);
  });

  it('gives the same scores whatever form the file has', async () => {
    const expected = (await scoresBy(fileWith('a.csv', recorded))).map(({ score }) => score);
    const seconds = (i: number): number => startMs / 1000 + i * 60;
    const forms: readonly (readonly [name: string, text: string, ...args: string[]])[] = [
      ['spaces.csv', csv('timestamp,value', (value, i) => `${at(i).slice(0, 19).replace('T', ' ')},${value}.0`)],
      ['seconds.csv', csv('timestamp,value', (value, i) => `${seconds(i)},${value}`)],
      ['bom.csv', `\uFEFF${recorded.replaceAll('\n', '\r\n')}`],
      ['columns.csv', csv('id;c;when', (v, i) => `x;"${v}";${at(i)}`), '--time', 'when', '--value', 'c'],
      ['tabs.txt', csv('timestamp\tvalue', (value, i) => `${at(i)}\t${value}`)],
      ['a.jsonl', values.map((value, i) => JSON.stringify({ timestamp: seconds(i) * 1000, value })).join('\n')],
      [
        'b.txt',
        values.map((value, i) => `${JSON.stringify({ timestamp: at(i), value })}\n\n`).join(''),
        '--format',
        'jsonl',
      ],
    ];
    for (const [name, text, ...args] of forms)
      expect((await scoresBy(fileWith(name, text), ...args)).map(({ score }) => score)).toEqual(expected);
  });

  it.each([
    ['long.csv', (many: readonly number[]) => `timestamp,value\n${many.map((i) => `${i * 60},${i % 7}`).join('\n')}`],
    [
      'long.jsonl',
      (many: readonly number[]) => many.map((i) => `{"timestamp":${i * 60},"value":${i % 7},"é":"é"}\r\n`).join(''),
    ],
  ])('gives a line for each reading of %s, which is read in many pieces', async (name, textOf) => {
    const many = Array.from({ length: 10_000 }, (_, i) => i);
    const lines = await scoresBy(fileWith(name, textOf(many)));
    expect(lines.map(({ timestamp, value }) => [Number(timestamp), value])).toEqual(many.map((i) => [i * 60, i % 7]));
  });

  it('keeps a line for a reading without a value, and learns nothing from it', async () => {
    const holes = recorded.replace(/^(.*:50:.*),\d+$/m, '$1,');
    const lines = await scoresBy(fileWith('holes.csv', holes));
    expect(lines[50]).toEqual({ timestamp: at(50), value: null, score: 0, low: null, high: null });
    const without = recorded.replace(/^.*:50:.*\n/m, '');
    const others = await scoresBy(fileWith('without.csv', without));
    expect(lines.filter((_, i) => i !== 50)).toEqual(others);
  });

  it('shows people columns, marks findings and counts them', async () => {
    const { code, out, err } = await weir('detect', fileWith('a.csv', recorded), '--detector', 'ewma');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^timestamp +value +score +low +high$/);
    expect(lines.filter((line) => line.endsWith('<'))).toEqual([
      expect.stringMatching(/^2026-01-01T01:40:00.000Z +90 /),
    ]);
    expect(err).toBe('120 readings, 1 finding: stretches with a score of 0.5 or more\n');
  });

  it('takes settings and a threshold', async () => {
    const file = fileWith('a.csv', recorded);
    const most = async (...args: string[]): Promise<number> =>
      Math.max(...(await scoresBy(file, ...args)).map(({ score }) => score));
    expect(await most('--set', 'limit=100', '--set', 'warmUp=5')).toBeLessThan(await most('--set', 'warmUp=5'));
    const { err } = await weir('detect', file, '--detector', 'ewma', '--threshold', '1');
    expect(err).toContain(' 0 findings');
    const { code } = await weir('detect', file, '--detector', 'clock-skew', '--set', 'limitMs=1m');
    expect(code).toBe(0);
  });

  it.each([
    ['a setting there is none of', ['--set', 'speed=1'], 'ewma has no setting "speed"; it has alpha, limit, warmUp'],
    ['a number out of bounds', ['--set', 'alpha=7'], 'ewma: alpha must be a number from 0.000001 to 1'],
    ['a setting without a number', ['--set', 'alpha'], '--set alpha: expected NAME=NUMBER'],
    ['a setting that is no number', ['--set', 'alpha='], 'ewma: alpha must be a number'],
  ])('refuses %s as a mistake of usage', async (_what, args, words) => {
    const { code, out, err } = await weir('detect', fileWith('a.csv', recorded), '--detector', 'ewma', ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words.replace('0.000001', String(1e-6)));
  });

  it('refuses a detector it does not have', async () => {
    const { usage, err } = await weir('detect', 'a.csv', '--detector', 'magic');
    expect(usage).not.toBe(0);
    expect(err).toContain('Allowed choices are');
  });

  it.each([
    ['a row that has no number', 'a.csv', 'timestamp,value\n1,2\n2,warm\n', ':3: "warm" is no number, in the column "value"'],
    ['a row that is too short', 'a.csv', 'timestamp,value\n1\n', ':2: "" is no number'],
    ['a row that has no time', 'a.csv', 'timestamp,value\nsoon,2\n', ':2: "soon" is no time; write RFC 3339'],
    ['a day that does not exist', 'a.csv', 'timestamp,value\n2026-02-30 00:00:00,2\n', ':2: "2026-02-30 00:00:00" is no time'],
    ['a column that is not there', 'a.csv', 'at,value\n1,2\n', ':1: there is no column "timestamp"; there are "at", "value". Name it with --time'],
    ['a file without a header', 'a.csv', '', ':1: there is no header line'],
    ['a quote that is not closed', 'a.csv', 'timestamp,value\n1,"2\n', ':2: Quote Not Closed'],
    ['a line that is no JSON', 'a.jsonl', '{"timestamp":1,"value":2}\n{"time\n', ':2: this line is no JSON: '],
    ['a line that is no object', 'a.jsonl', '[1]\n', ':1: this line is no JSON object'],
    ['a member that is not there', 'a.jsonl', '{"timestamp":1,"v":2}\n', ':1: there is no member "value"; there are "timestamp", "v". Name it with --value'],
    ['a member that is no number', 'a.jsonl', '{"timestamp":1,"value":true}\n', ':1: true is no number, in "value"'],
  ])('says where %s is', async (_what, name, text, words) => {
    const file = fileWith(name, text);
    const { code, err } = await weir('detect', file, '--json');
    expect(code).toBe(1);
    expect(err).toContain(`weir: ${file}${words}`);
  }); // prettier-ignore

  it('tells what it scored before the row that it can not read', async () => {
    const cut = fileWith('cut.csv', `${recorded}soon,1\n`);
    const { code, out } = await weir('detect', cut, '--detector', 'ewma', '--json');
    expect([code, linesOf(out)]).toEqual([1, await scoresBy(fileWith('a.csv', recorded))]);
  });

  it.each([
    ['csv', (times: readonly number[]) => `timestamp,value\n${times.map((time) => `${time},1\n`).join('')}`, 1],
    ['jsonl', (times: readonly number[]) => times.map((time) => `{"timestamp":${time},"value":1}\n`).join(''), 0],
  ])('warns once of times that go backwards, with the first place: %s', async (end, textOf, header) => {
    const file = fileWith(`back.${end}`, textOf([5, 4, 5, 5, 3, 9]));
    const { code, out, err } = await weir('detect', file, '--json');
    expect([code, linesOf(out)]).toEqual([0, expect.objectContaining({ length: 6 })]);
    expect(err).toBe(
      `weir: ${file}:${2 + header}: time goes backwards here, 2 times in all: scores may be wrong; sort the file by time\n`,
    );
    const once = await weir('detect', fileWith(`once.${end}`, textOf([5, 4])));
    expect(once.err).toMatch(/2 readings, 0 findings: [^]*goes backwards here, once in all/);
  });

  it('counts one reading as one, and has no header without any', async () => {
    const { err } = await weir('detect', fileWith('one.csv', 'timestamp,value\n1,2\n'));
    expect(err).toMatch(/^1 reading, 0 findings: /);
    const none = await weir('detect', fileWith('none.csv', 'timestamp,value\n'));
    expect([none.code, none.out]).toEqual([0, '']);
  });

  it.each(['nowhere.csv', 'nowhere.jsonl', '.'])('says that %s can not be read', async (name) => {
    const { code, out, err } = await weir('detect', join(folder, name));
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`weir: ${join(folder, name)}: `);
  });

  it('writes one page that needs nothing else', async () => {
    const to = join(folder, 'page.html');
    const hostile = fileWith('<b>.csv', recorded);
    const { code, out, err } = await weir('detect', hostile, '--detector', 'ewma', '--html', to);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain(`120 readings, ${detectors.length} detectors: ${to}`);
    const page = readFileSync(to, 'utf8');
    expect(page).toContain('<title>&lt;b>.csv</title>');
    expect(page).not.toMatch(/(?:src|href)=|@import|https?:\/\/(?!github\.com\/leeoniya)/);
    const [, data] = /<script id="data" type="application\/json">(.*?)<\/script>/.exec(page) ?? [];
    const {
      chosen,
      values: drawn,
      detectors: compared,
    } = JSON.parse(data ?? '') as {
      chosen: string;
      values: number[];
      detectors: { name: string; scores: number[] }[];
    };
    expect([chosen, drawn]).toEqual(['ewma', values]);
    expect(compared.map(({ name }) => name).sort()).toEqual(detectors.map(({ name }) => name).sort());
    expect(compared[0]?.scores.findIndex((score) => score >= 0.5)).toBe(100);
  });
});
