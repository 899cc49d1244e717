import { type ASTNode, Environment, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { deviceFields, numberFunctions, textFunctions } from './words.js';

export type { ASTNode } from '@marcbachmann/cel-js';

/** Why an expression can't be used, and where in its text. */
export interface CelFault {
  readonly problem: string;
  readonly index: number;
  /** A name that is not known, and what may have been meant. */
  readonly unknown: { readonly name: string; readonly among: readonly string[] } | null;
}

/** Checks expressions over a set of metrics. */
export interface Language {
  readonly metrics: ReadonlyMap<string, number>;
  readonly checked: (text: string) => Either<CelFault, { readonly ast: ASTNode; readonly type: string }>;
}

/** No expression that a person can read is larger; deeper ones would need a stack of their own. */
const limits = { maxAstNodes: 400, maxDepth: 32, maxListElements: 100, maxMapEntries: 1, maxCallArguments: 4 };

const unused = (): number => NaN;

/** `metrics`: slots by name. Names that mean something in CEL already can't be used in expressions; the others can. */
export const languageOf = (metrics: ReadonlyMap<string, number>): Language => {
  const cel = new Environment({ limits });
  for (const name of metrics.keys()) if (!isTaken(cel, name)) cel.registerVariable(name, 'double');
  cel.registerVariable('device', { schema: Object.fromEntries(deviceFields) });
  cel.registerOperator('double % double', unused);
  for (const [name, { arity }] of numberFunctions)
    cel.registerFunction(`${name}(${arity === 1 ? 'double' : 'double, double'}): double`, unused);
  // Several ask about one expression, one after the other: what it means, which units meet, what its ranges settle.
  let last = { text: '', result: checked(cel, metrics, '') };
  return {
    metrics,
    checked: (text) => (last = last.text === text ? last : { text, result: checked(cel, metrics, text) }).result,
  };
};

const isTaken = (cel: Environment, name: string): boolean =>
  name === 'device' || cel.hasVariable(name) || !isName(name);

const isName = (name: string): boolean => {
  try {
    return new Environment({ unlistedVariablesAreDyn: true }).parse(name).ast.op === 'id';
  } catch {
    return false;
  }
};

/** Whether a metric of that name can be named in expressions. */
export const isUsable = (name: string): boolean => !isTaken(new Environment(), name);

const checked = (
  cel: Environment,
  metrics: ReadonlyMap<string, number>,
  text: string,
): Either<CelFault, { readonly ast: ASTNode; readonly type: string }> => {
  try {
    const parsed = cel.parse(text);
    const foreign = firstForeign(parsed.ast);
    if (foreign !== null) return left(foreign);
    asDoubles(parsed.ast);
    const { valid, type, error } = parsed.check();
    if (valid && type !== undefined) return right({ ast: parsed.ast, type });
    return left(faultOf(error, metrics, text));
  } catch (error) {
    return left(faultOf(error, metrics, text));
  }
};

/** In this language every number is a double: `5 / 2` is 2.5, and `temperature > 40` needs no `40.0`. */
const asDoubles = (node: ASTNode): void => {
  if (node.op === 'value' && typeof node.args === 'bigint') (node as { args: unknown }).args = Number(node.args);
  for (const child of childrenOf(node)) asDoubles(child);
};

const isNode = (u: unknown): u is ASTNode => typeof u === 'object' && u !== null && 'op' in u && 'args' in u;

const childrenOf = ({ args }: ASTNode): readonly ASTNode[] =>
  [args].flat(2).filter((part: unknown): part is ASTNode => isNode(part));

const operators = new Set([
  'value',
  'id',
  '.',
  'call',
  'rcall',
  'list',
  '?:',
  '||',
  '&&',
  '!_',
  '-_',
  'in',
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);

const calls: readonly string[] = [...numberFunctions.keys(), ...textFunctions.keys(), 'matches'];

/** The first thing that is CEL, but not of this language: macros over lists, maps, times, bytes, indexes. */
const firstForeign = (node: ASTNode): CelFault | null => {
  const why = foreignIn(node);
  if (why !== null) return { index: node.start, unknown: null, ...why };
  for (const child of childrenOf(node)) {
    const below = firstForeign(child);
    if (below !== null) return below;
  }
  return null;
};

const foreignIn = (node: ASTNode): (Pick<CelFault, 'problem'> & Partial<CelFault>) | null => {
  if (!operators.has(node.op)) return { problem: `${node.op} is not available here` };
  if (node.op === 'value' && !['bigint', 'number', 'string', 'boolean'].includes(typeof node.args))
    return { problem: 'only numbers, texts, true and false can be written here' };
  if (node.op !== 'call' && node.op !== 'rcall') return null;
  const name = node.args[0];
  const isKnown = node.op === 'call' ? numberFunctions.has(name) : textFunctions.has(name) || name === 'matches';
  return isKnown ? null : { problem: `there is no function ${name} here`, unknown: { name, among: calls } };
};

const plainTypes: readonly (readonly [RegExp, string])[] = [
  [/\bdouble\b/g, 'number'],
  [/\bint\b/g, 'number'],
  [/\bstring\b/g, 'text'],
  [/\bbool\b/g, 'true or false'],
  [/\$device\b/g, 'device'],
];

const inWords = (summary: string): string => {
  const [, name] = /^Unknown variable: (.*)$/s.exec(summary) ?? [];
  if (name !== undefined) return `there is no metric ${name}`;
  const [, field] = /^No such key: (.*)$/s.exec(summary) ?? [];
  if (field !== undefined) return `a device has no ${field}`;
  return plainTypes.reduce((text, [type, word]) => text.replace(type, word), summary);
};

const faultOf = (error: unknown, metrics: ReadonlyMap<string, number>, text: string): CelFault => {
  if (!(error instanceof ParseError || error instanceof CelTypeError))
    return { problem: error instanceof Error ? error.message : String(error), index: 0, unknown: null };
  const [, name] = /^(?:Unknown variable|No such key): (.*)$/s.exec(error.summary) ?? [];
  const among = error.code === 'no_such_key' ? [...deviceFields.keys()] : [...metrics.keys(), 'device'];
  return {
    problem: hintOf(text, error.range?.start ?? 0) ?? inWords(error.summary),
    // A key that is not there is blamed on what it is asked of.
    index: error.code === 'no_such_key' ? text.lastIndexOf(name ?? '', error.range?.end) : (error.range?.start ?? 0),
    unknown: name === undefined ? null : { name, among },
  };
};

/** What people from other languages write. */
const hintOf = (text: string, index: number): string | null => {
  const rest = text.slice(index);
  if (/^=(?!=)/.test(rest)) return 'write == to compare';
  if (/^&(?!&)/.test(rest) || /^and\b/i.test(rest)) return 'write && for "and"';
  if (/^\|(?!\|)/.test(rest) || /^or\b/i.test(rest)) return 'write || for "or"';
  if (/^not\b/i.test(rest)) return 'write ! for "not"';
  if (rest.trim() === '') return 'the expression ends too early';
  return null;
};
