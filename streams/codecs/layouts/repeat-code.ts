import type { TimeBytes } from '../time-bytes.js';
import { functionOf } from './maker.js';
import type { Changing, Step } from './repeat-steps.js';
import { kind } from './scalars.js';

/** What was found beside the values. */
export interface Found {
  readonly times: TimeBytes;
  /** Epoch ms. */
  timeMs: number;
  messageId: string | null;
}

/** Reads a record that is the same as the one whose stretches are in the row, but for what changes; undefined when that is not certain. */
export type Repeat = (
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  rows: Float64Array,
  row: number,
  found: Found,
) => number[] | undefined;

/** Where the scalar begins that the steps lead to, behind its quote; −1 when they lead to none. */
export type Way = (bytes: Buffer, view: DataView, start: number, end: number) => number;

/** Which value goes where; of several of one place the last one that is there. */
export interface ValuePlace {
  readonly slot: number;
  readonly metric: number;
}

export interface RepeatValues {
  readonly places: readonly ValuePlace[];
  /** How many there are in the result; those that are not in the record are NaN. */
  readonly count: number;
  readonly isOneNeeded: boolean;
}

/** Null where code may not be generated. */
export const compileRepeat = (steps: readonly Step[], values: RepeatValues): Repeat | null => {
  const text = new Text();
  const numbers = steps.flatMap((step) => (step._tag === 'value' ? [`v${step.slot}`] : []));
  text.add(`let p = start, q = 0, n = 0, c = 0, s = 0${numbers.map((name) => `, ${name} = NaN`).join('')};`);
  for (const step of steps) text.step(step);
  text.add('if (p !== end) return undefined;', ...results(values));
  return functionOf(`(bytes, view, start, end, rows, row, found) => {\n${text.toString()}\n}`) as Repeat | null;
};

/** Null where code may not be generated. */
export const compileWay = (steps: readonly Step[]): Way | null => {
  const text = new Text('-1');
  text.add('let p = start, q = 0;');
  for (const step of steps) text.step(step);
  text.add('return p < end && bytes[p] === 34 ? p + 1 : -1;');
  return functionOf(`(bytes, view, start, end) => {\n${text.toString()}\n}`) as Way | null;
};

const results = ({ places, count, isOneNeeded }: RepeatValues): readonly string[] => [
  `const r = [${Array.from({ length: count }, () => 'NaN').join(', ')}];`,
  ...(isOneNeeded ? ['let any = false;'] : []),
  ...places.map(
    ({ slot, metric }) => `if (v${slot} === v${slot}) { r[${metric}] = v${slot};${isOneNeeded ? ' any = true;' : ''} }`,
  ),
  isOneNeeded ? 'return any ? r : undefined;' : 'return r;',
];

const fourWords = [0, 1, 2, 3].map((i) => `view.getFloat64(p + ${i * 8}, true) === rows[row + ${i}]`).join(' && ');

/** The text of a function that goes through a record: `p` is where it is. */
class Text {
  readonly #lines: string[] = [];

  constructor(readonly nothing = 'undefined') {}

  add(...lines: readonly string[]): void {
    this.#lines.push(...lines);
  }

  toString(): string {
    return this.#lines.join('\n');
  }

  step(step: Step): void {
    switch (step._tag) {
      case 'constant':
        this.#constant(step.bytes);
        break;
      case 'stretch':
        this.#stretch();
        break;
      case 'value':
        this.#value(step);
        break;
      case 'time in text':
        this.#timeInText();
        break;
      case 'time in ms':
        this.#timeInMs(step.least, step.greatest);
        break;
      case 'message id':
        this.#messageId();
        break;
      case 'other':
        this.add('p = scalarEnd(bytes, view, p, end);', this.#unless('p >= 0'));
        break;
    }
  }

  #unless(condition: string): string {
    return `if (!(${condition})) return ${this.nothing};`;
  }

  #constant(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length === 0) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, length);
    const conditions = [`p + ${length} <= end`];
    const width = length >= 8 ? 8 : length >= 4 ? 4 : 1;
    for (let at = 0; at < length; at += width) {
      const from = Math.min(at, length - width);
      conditions.push(
        width === 8
          ? `view.getFloat64(p + ${from}, true) === ${view.getFloat64(from, true)}`
          : width === 4
            ? `view.getInt32(p + ${from}, true) === ${view.getInt32(from, true)}`
            : `view.getUint8(p + ${from}) === ${view.getUint8(from)}`,
      );
    }
    this.add(this.#unless(conditions.join(' && ')), `p += ${length};`);
  }

  /** As `rowOf` has put it down. */
  #stretch(): void {
    this.add(
      'n = rows[row] | 0;',
      'q = p + n - 8;',
      this.#unless('q + 8 <= end'),
      'row += 1;',
      // Four at a time, with one jump: most of a record is compared here.
      `for (; p + 24 < q; p = (p + 32) | 0, row = (row + 4) | 0) ${this.#unless(fourWords)}`,
      `for (; p < q; p = (p + 8) | 0, row = (row + 1) | 0) ${this.#unless('view.getFloat64(p, true) === rows[row]')}`,
      this.#unless('view.getFloat64(q, true) === rows[row]'),
      'row += 1;',
      'p = q + 8;',
    );
  }

  #value({ slot, kinds }: Changing & { readonly _tag: 'value' }): void {
    const accepts = (which: number): boolean => ((kinds >> which) & 1) === 1;
    const value = `v${slot}`;
    if (accepts(kind.number)) {
      this.add('c = bytes[p];', 'if (c === 45 || (c ^ 48) <= 9) {', ...this.#number(value), '} else {');
    } else this.add('{');
    this.add('n = wordAt(view, p, end);', this.#unless(`n >= 0 && ((${kinds} >> n) & 1) === 1`));
    this.add(`${value} = n === ${kind.true} ? 1 : n === ${kind.false} ? 0 : NaN;`);
    this.add(`p += n === ${kind.false} ? 5 : 4;`, '}');
  }

  /**
   * A number as `JSON.parse` reads it; those with an exponent are left to it, as no constant begins with one. Up to nine digits fit in a
   * word, and one division by a power of ten that is exact rounds correctly. `c` is its first byte.
   */
  #number(value: string): readonly string[] {
    return [
      's = c === 45 ? p + 1 : p;',
      'q = s; n = 0;',
      'for (c = bytes[q] ^ 48; c <= 9; c = bytes[q] ^ 48) { n = (Math.imul(n, 10) + c) | 0; q += 1; }',
      this.#unless('q > s && (q === s + 1 || bytes[s] !== 48)'),
      `if (c !== 30) ${value} = q - s <= 9 ? n : longDecimal(bytes, s, q, 0);`,
      'else {',
      'const f = q + 1;',
      'q = f;',
      'for (c = bytes[q] ^ 48; c <= 9; c = bytes[q] ^ 48) { n = (Math.imul(n, 10) + c) | 0; q += 1; }',
      this.#unless('q > f'),
      `${value} = q - s <= 10 ? n / powersOfTen[q - f] : longDecimal(bytes, s, q, q - f);`,
      '}',
      this.#unless(`${value} < Infinity`),
      // Zero has no sign.
      `if (s !== p) ${value} = 0 - ${value};`,
      'p = q;',
    ];
  }

  #timeInText(): void {
    this.add(
      this.#unless('p < end && bytes[p] === 34'),
      // Mostly as long as the one before. Whatever is no time is none, wherever it ends.
      'q = p + 1 + found.times.length;',
      'if (q >= end || bytes[q] !== 34) q = textEnd(view, p + 1, end);',
      this.#unless('q > 0'),
      'found.timeMs = found.times.read(bytes, view, p + 1, q);',
      this.#unless('found.timeMs === found.timeMs'),
      'p = q + 1;',
    );
  }

  #timeInMs(least: number, greatest: number): void {
    this.add('{', 'let t = NaN;', 'c = bytes[p];', ...this.#number('t'));
    this.add(this.#unless(`t >= ${least} && t <= ${greatest} && Math.floor(t) === t`), 'found.timeMs = t;', '}');
  }

  #messageId(): void {
    this.add(
      this.#unless('p < end && bytes[p] === 34'),
      'q = textEnd(view, p + 1, end);',
      this.#unless('q > p + 1 && q <= p + 257'),
      'found.messageId = bytes.toString("latin1", p + 1, q);',
      'p = q + 1;',
    );
  }
}
