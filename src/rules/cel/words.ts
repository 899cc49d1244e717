import { fieldNames, numberFields } from '../fields.js';

/** A function over numbers. One that has no answer for its arguments gives NaN, which is a fault of the expression. */
interface NumberFunction {
  readonly arity: 1 | 2;
  readonly of: (a: number, b: number) => number;
}

const of1 = (of: (a: number) => number): NumberFunction => ({ arity: 1, of });
const of2 = (of: (a: number, b: number) => number): NumberFunction => ({ arity: 2, of });

export const numberFunctions: ReadonlyMap<string, NumberFunction> = new Map([
  ['abs', of1(Math.abs)],
  ['sqrt', of1(Math.sqrt)],
  ['exp', of1(Math.exp)],
  ['ln', of1(Math.log)],
  ['log10', of1(Math.log10)],
  ['floor', of1(Math.floor)],
  ['ceil', of1(Math.ceil)],
  ['round', of1(Math.round)],
  ['min', of2((a, b) => Math.min(a, b))],
  ['max', of2((a, b) => Math.max(a, b))],
  ['pow', of2((a, b) => a ** b)],
]);

/** Of texts: `device.type.startsWith("cold")`. */
export const textFunctions: ReadonlyMap<string, (text: string, other: string) => boolean> = new Map([
  ['startsWith', (text: string, other: string) => text.startsWith(other)],
  ['endsWith', (text: string, other: string) => text.endsWith(other)],
  ['contains', (text: string, other: string) => text.includes(other)],
]);

/** What `device.` can be followed by, and what it is. Tags are a list and can only be looked in. */
export const deviceFields: ReadonlyMap<string, 'double' | 'string' | 'list<string>'> = new Map([
  ['id', 'string' as const],
  ...fieldNames.map((name) => [name, numberFields.has(name) ? 'double' : 'string'] as const),
  ['tags', 'list<string>' as const],
]);
