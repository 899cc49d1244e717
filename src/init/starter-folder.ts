import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { packFile } from '../rules/load.js';
import { casesSchema } from '../rules/cases.js';
import { rulesSchema } from '../rules/document/document.js';

export type Initiated =
  | { readonly written: readonly string[] }
  | { /** What would have been overwritten. */ readonly inTheWay: readonly string[] };

/** Writes the starter folder, and the schemas that editors complete with. Nothing at all is written when one of its files is there already. */
export const writeStarterFolder = (folder: string): Initiated => {
  const from = join(dirname(packFile('starter')), 'init');
  const files = new Map([
    ...filesBelow(from).map((file) => [relative(from, file), readFileSync(file, 'utf8')] as const),
    ['rules.schema.json', jsonText(rulesSchema())],
    ['cases.schema.json', jsonText(casesSchema())],
  ]);
  const inTheWay = [...files.keys()].filter((name) => existsSync(join(folder, name)));
  if (inTheWay.length > 0) return { inTheWay };
  for (const [name, text] of files) {
    const file = join(folder, name);
    makeFolder(resolve(dirname(file)));
    writeFileSync(file, text, { flag: 'wx' });
  }
  return { written: [...files.keys()].sort() };
};

/** One by one: below folders that take none, as `/proc`, `recursive` of Node 20 never comes back. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
};

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
