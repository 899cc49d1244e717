import type { Shape } from './layout.js';
import type { Scalar } from './scanner.js';

/** Makes an object of a shape from the scalars in its slots. */
export type Maker = (values: readonly Scalar[]) => Record<string, unknown>;

/** One object literal, so that all objects of a shape share their hidden class. Null where code may not be generated. */
export const makerOf = (shape: Shape): Maker | null => {
  try {
    return new Function('values', `return ${literal(shape)};`) as Maker;
  } catch {
    return null;
  }
};

const literal = (shape: Shape): string =>
  `{${shape.map(([name, member]) => `${JSON.stringify(name)}:${typeof member === 'number' ? `values[${member}]` : literal(member)}`).join(',')}}`;
