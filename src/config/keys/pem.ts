import { readFileSync } from 'node:fs';
import * as t from 'io-ts';
import { Leaf } from '../leaf.js';

const begin = '-----BEGIN ';

const read = (path: string): string | { readonly why: string } => {
  try {
    const found = readFileSync(path, 'utf8');
    return found.includes(begin) ? found : { why: `${path} holds no PEM text` };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
};

/** PEM text. What is none is taken for the path of a file that holds it, from the working directory on, and read at once. */
export const pem: Leaf<string> = new Leaf(
  'PEM text, or the path of a PEM file',
  (u): u is string => typeof u === 'string',
  (u, context) => {
    if (typeof u !== 'string') return t.failure(u, context);
    const found = u.includes(begin) ? u : read(u);
    return typeof found === 'string' ? t.success(found) : t.failure(u, context, found.why);
  },
  (value) => `PEM of ${value.length} characters`,
  (given) => given,
);
