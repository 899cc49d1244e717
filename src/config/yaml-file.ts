import { type Either, left, right } from 'fp-ts/lib/Either.js';
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  Scalar,
  visit,
} from 'yaml';
import type { ConfigFault, Origin } from './faults.js';
import { readAtMost } from './regular-file.js';

/** A file that is YAML, whatever it says. */
export interface YamlFile {
  /** What it holds, as plain values; null when it is empty. */
  readonly tree: unknown;
  /** Where a value stands, or the name of its key. Falls back to what encloses it. */
  locate(path: readonly string[], part: 'key' | 'value'): Origin;
  /** Where a character of a text stands. */
  locateIn(path: readonly string[], index: number): Origin;
}

/** When there is no file. */
export const noFile: YamlFile = {
  tree: null,
  locate: () => ({ from: 'default' }),
  locateIn: () => ({ from: 'default' }),
};

const largestBytes = 1_048_576;
/** So many brackets opened and none closed are no configuration, and take a parser long before it gives up. */
const deepBrackets = /(?:[[{][^[\]{}]{0,40}){64}/;
/** How many nodes aliases may stand for, per anchor: enough for people, too few for a bomb. */
const maxAliasCount = 100;

/** Reads and parses. Every error of syntax is a fault of its own. */
export const readYaml = (file: string): Either<readonly ConfigFault[], YamlFile> => {
  const text = readText(file);
  if (typeof text !== 'string') return left([faultAt({ from: 'file', file, line: 1, column: 1 }, text.problem)]);
  return parseYaml(file, text);
};

const readText = (file: string): string | { readonly problem: string } => {
  try {
    const bytes = readAtMost(file, largestBytes);
    if (bytes.length > largestBytes)
      return { problem: `the file has more than ${largestBytes} bytes: no configuration is as large` };
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { problem: 'the file is not UTF-8 text' };
    return { problem: `the file can't be read: ${error instanceof Error ? error.message : String(error)}` };
  }
};

const faultAt = (origin: Origin, problem: string): ConfigFault => ({
  origin,
  key: '',
  problem,
  expected: null,
  found: null,
  nearest: null,
});

/** The same of a text that is in memory already; `file` is only its name. */
export const parseYaml = (file: string, text: string): Either<readonly ConfigFault[], YamlFile> => {
  const lines = new LineCounter();
  const at = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { from: 'file', file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const deep = text.search(deepBrackets);
  if (deep >= 0) {
    const before = text.slice(0, deep).split('\n');
    const origin: Origin = { from: 'file', file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return left([faultAt(origin, 'brackets are nested too deep: nothing here is deeper than ten')]);
  }
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const [first, second] = documents;
  if (first === undefined) return right({ tree: null, locate: () => at(0), locateIn: () => at(0) });
  if (second !== undefined)
    return left([faultAt(at(second.range[0]), 'the file holds several documents; one is meant')]);
  const complaints = [...first.errors, ...first.warnings];
  if (complaints.length > 0)
    return left(complaints.map(({ pos, code, message }) => faultAt(at(pos[0]), explained(code, message))));
  const dangling = danglingAliases(first);
  if (dangling.length > 0)
    return left(
      dangling.map(({ range, source }) =>
        faultAt(at(range?.[0] ?? 0), `no anchor &${source} stands before this alias`),
      ),
    );
  try {
    const tree: unknown = first.toJS({ maxAliasCount });
    return right({
      tree,
      locate: (path, part) => at(offsetOf(first, path, part)),
      locateIn: (path, index) => at(offsetIn(first, text, path, index)),
    });
  } catch (error) {
    const problem = error instanceof ReferenceError ? `aliases stand for too much: ${error.message}` : String(error);
    return left([faultAt(at(0), problem)]);
  }
};

const danglingAliases = (doc: Document.Parsed): readonly Alias[] => {
  const dangling: Alias[] = [];
  visit(doc, {
    Alias: (_key, alias) => {
      if (alias.resolve(doc) === undefined) dangling.push(alias);
    },
  });
  return dangling;
};

const explained = (code: string, message: string): string => {
  if (code === 'TAB_AS_INDENT') return "a tab can't indent: use spaces";
  if (code === 'DUPLICATE_KEY') return 'this key is there already: each may be given once';
  return `not YAML: ${message}`;
};

/** Texts are folded, indented and quoted in a file: what stays the same is which of its visible characters it is. */
const offsetIn = (doc: Document.Parsed, text: string, path: readonly string[], index: number): number => {
  const start = offsetOf(doc, path, 'value');
  const node = doc.getIn(path.map(segmentOf), true);
  if (!isScalar(node) || typeof node.value !== 'string') return start;
  const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
  const escape = node.type === Scalar.QUOTE_DOUBLE ? '\\' : node.type === Scalar.QUOTE_SINGLE ? "'" : null;
  const wanted = visibleIn(node.value.slice(0, index));
  let at = isBlock ? text.indexOf('\n', start) + 1 : start + (escape === null ? 0 : 1);
  const end = node.range?.[1] ?? at;
  for (let seen = 0; at < end; at++) {
    const isVisible = !isSpace(text.charAt(at));
    if (isVisible && seen === wanted) break;
    if (text.charAt(at) === escape) at++;
    if (isVisible) seen++;
  }
  return at;
};

const isSpace = (character: string): boolean => /\s/.test(character);
const visibleIn = (text: string): number => text.replace(/\s/g, '').length;
const segmentOf = (segment: string): string | number => (/^\d+$/.test(segment) ? Number(segment) : segment);

type AnyNode = Node | null | undefined;

const offsetOf = (doc: Document.Parsed, path: readonly string[], part: 'key' | 'value'): number => {
  let node: AnyNode = doc.contents;
  let offset = node?.range?.[0] ?? 0;
  path.forEach((segment, depth) => {
    const here = isAlias(node) ? node.resolve(doc) : node;
    const step: Step = childOf(here, segment);
    node = step.value;
    const isLast = depth === path.length - 1;
    offset = (isLast && part === 'key' ? step.keyAt : (startOf(step.value) ?? step.keyAt)) ?? offset;
  });
  return offset;
};

interface Step {
  readonly value: AnyNode;
  readonly keyAt: number | undefined;
}

const startOf = (node: AnyNode): number | undefined => {
  // An absent value is a node too, of no length; its key is what people should look at.
  if (isScalar(node) && node.range?.[0] === node.range?.[1]) return undefined;
  return node?.range?.[0];
};

const childOf = (node: AnyNode, segment: string): Step => {
  if (isMap<Node, AnyNode>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
    return { value: pair?.value, keyAt: pair?.key.range?.[0] };
  }
  if (isSeq<Node>(node)) {
    const item = node.items[Number(segment)];
    return { value: item, keyAt: item?.range?.[0] };
  }
  return { value: undefined, keyAt: undefined };
};
