import type { DeviceFacts } from '../../../streams/rules/rules.js';

export type Readings = readonly number[];
export type NumberOf = (readings: Readings, facts: DeviceFacts) => number;
export type BoolOf = (readings: Readings, facts: DeviceFacts) => boolean;

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** Of two things that are read or computed. */
export const between = (op: Comparison, a: NumberOf, b: NumberOf): BoolOf => {
  switch (op) {
    case '<':
      return (r, f) => a(r, f) < b(r, f);
    case '<=':
      return (r, f) => a(r, f) <= b(r, f);
    case '>':
      return (r, f) => a(r, f) > b(r, f);
    case '>=':
      return (r, f) => a(r, f) >= b(r, f);
    case '==':
      return (r, f) => a(r, f) === b(r, f);
    case '!=':
      return (r, f) => a(r, f) !== b(r, f);
  }
};

/** With a level that stands in the file: most comparisons are such. */
export const against = (op: Comparison, a: NumberOf, level: number): BoolOf => {
  switch (op) {
    case '<':
      return (r, f) => a(r, f) < level;
    case '<=':
      return (r, f) => a(r, f) <= level;
    case '>':
      return (r, f) => a(r, f) > level;
    case '>=':
      return (r, f) => a(r, f) >= level;
    case '==':
      return (r, f) => a(r, f) === level;
    case '!=':
      return (r, f) => a(r, f) !== level;
  }
};
