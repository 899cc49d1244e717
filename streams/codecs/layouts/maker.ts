import { powersOfTen } from '../../numbers/exact.js';
import { longDecimal } from './decimal.js';
import { scalarEnd, textEnd, wordAt } from './passing.js';

/** What generated code may call. */
const references = { scalarEnd, textEnd, wordAt, longDecimal, powersOfTen };

/** All partitions run the same code: it is made ready once. What is known is let go of when it is too much. */
const known = new Map<string, unknown>();
const mostKnown = 256;

/** The function of a text; null where code may not be generated. Nothing that stands in records may be in the text but numbers. */
export const functionOf = (text: string): unknown => {
  const before = known.get(text);
  if (before !== undefined) return before;
  try {
    const make = new Function(...Object.keys(references), `'use strict'; return ${text};`);
    const made: unknown = make(...Object.values(references));
    if (known.size >= mostKnown) known.clear();
    known.set(text, made);
    return made;
  } catch {
    return null;
  }
};
