import { parse } from 'yaml';
import { type Leaf, listOf, text } from '../leaf.js';

/** YAML, of which JSON is a part. */
const yamlFromText = (given: string): unknown => {
  try {
    return parse(given, { maxAliasCount: 0 }) as unknown;
  } catch {
    return given;
  }
};

/** `a,b,c`, or a list in brackets; an IPv6 address begins with a bracket too, but ends with its port. */
const listFromText = (given: string): unknown =>
  /^\s*\[.*\]\s*$/s.test(given) ? yamlFromText(given) : given.split(',').map((part) => part.trim());

export const texts = (name: string, element: Leaf<string>, atLeast = 1): Leaf<readonly string[]> =>
  listOf(name, element, { atLeast, keyOf: (value) => value, fromText: listFromText });

const port = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';

/** A host name, an IPv4 address or an IPv6 address in brackets, and a port. */
export const endpoint: Leaf<string> = text(
  'host:port',
  new RegExp(`^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+\\]):${port}$`),
);

/** What Kafka takes as the name of a topic. */
export const topic: Leaf<string> = text(
  'the name of a topic: 1 to 249 letters, digits, dots, underscores or dashes',
  /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/,
);

/** It becomes a part of keys in the store, so it must not look like their punctuation. */
export const name: Leaf<string> = text(
  'a name of 1 to 128 letters, digits, dots, underscores, colons or dashes',
  /^[\p{L}\p{N}._:-]{1,128}$/u,
);

export const anyText: Leaf<string> = text('a text', /^[^\0]*$/);

export const host: Leaf<string> = text(
  'the address to listen on, such as 127.0.0.1 or 0.0.0.0',
  /^[A-Za-z0-9._:-]{1,253}$/,
);
