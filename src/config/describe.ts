import { type Document, documentKeys } from './document.js';
import type { Origin } from './faults.js';
import type { Resolved } from './load.js';
import { valueAt } from './tree.js';

/** One value that the service was told, for people. */
export interface ConfigRow {
  /** `kafka.brokers` */
  readonly key: string;
  /** As it would be written in the file; a secret is masked; null when it is not set. */
  readonly value: unknown;
  /** What null means here. */
  readonly unset: string | null;
  readonly origin: Origin;
}

/** One key that there is. */
export interface KeyRow {
  readonly key: string;
  readonly expected: string;
  /** As it would be written in the file; null when it is not set. */
  readonly fallback: unknown;
  readonly unset: string | null;
  readonly env: readonly string[];
  readonly description: string;
  readonly isSecret: boolean;
}

const mask = '********';

/** Every value with where it came from, in the order of the file. */
export const configRows = (
  resolved: Pick<Resolved, 'origins'> & { readonly document: Document },
): readonly ConfigRow[] =>
  documentKeys.map(({ path, key }): ConfigRow => {
    const decoded = valueAt(resolved.document, path);
    const written = decoded === null ? null : key.encode(decoded);
    const shown = key.about.isSecret === true && written !== null ? mask : written;
    return {
      key: path,
      value: shown,
      unset: key.about.unset ?? null,
      origin: resolved.origins.get(path) ?? { from: 'default' },
    };
  });

/** Every key there is, in the order of the file. */
export const keyRows = (): readonly KeyRow[] =>
  documentKeys.map(({ path, key, env }) => ({
    key: path,
    expected: key.name,
    fallback: key.fallback === null ? null : key.encode(key.fallback),
    unset: key.about.unset ?? null,
    env: key.about.isSecret === true ? env.flatMap((name) => [name, `${name}_FILE`]) : env,
    description: key.about.description,
    isSecret: key.about.isSecret === true,
  }));

/** A value in one line, as it may stand in the file: `[a, b]`, `{name: x, min: 0}`, `"°C"`. */
export const inline = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, part]) => `${name}: ${inline(part)}`)
      .join(', ')}}`;
  }
  if (typeof value === 'string')
    return /^[A-Za-z/_.][\w./:-]*$|^\d+(\.\d+)?[A-Za-z]+$/.test(value) ? value : JSON.stringify(value);
  return String(value);
};

/** Markdown shows what lies between backticks as it is, except for the bar that ends a cell. */
const cell = (text: string): string =>
  text
    .replaceAll('|', '\\|')
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');

/** The table of `docs/config.md`. */
export const keysMarkdown = (rows: readonly KeyRow[]): string => {
  const lines = rows.map(({ key, expected, fallback, unset, env, description }) => {
    const holds = fallback === null ? `not set: ${unset ?? 'nothing'}` : `\`${inline(fallback)}\``;
    return `| \`${key}\` | ${cell(expected)} | ${holds} | ${env.map((name) => `\`${name}\``).join(' ')} | ${cell(description)} |`;
  });
  return ['| key | holds | default | environment | what it does |', '|---|---|---|---|---|', ...lines, ''].join('\n');
};
