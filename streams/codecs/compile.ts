import * as t from 'io-ts';

/** A fast way of asking what `codec.is` answers. */
export type Check = (value: unknown) => boolean;

/** A codec whose decoding is more than a check: a fast check in its place would let other values through. */
export class NotCompilable extends Error {
  override readonly name = 'NotCompilable';
}

/**
 * Compiles a codec to a check that says what `codec.is` says of values that `JSON.parse` made, by one generated function where code may
 * be generated, by closures where it may not. Errors: throws `NotCompilable` for codecs that transform.
 */
export const compileCheck = (codec: t.Mixed, mayGenerate = canGenerate()): Check =>
  mayGenerate ? generated(codec) : closures(codec);

/** False under a content security policy, or `--disallow-code-generation-from-strings`. */
const canGenerate = (): boolean => {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
};

/** The node kinds of io-ts that this knows, told apart by `_tag`. */
type Node =
  | t.StringType
  | t.NumberType
  | t.BooleanType
  | t.NullType
  | t.UndefinedType
  | t.UnknownType
  | t.RefinementType<t.Mixed>
  | t.KeyofType<Record<string, unknown>>
  | t.InterfaceType<t.Props>
  | t.PartialType<t.Props>
  | t.IntersectionType<t.Mixed[]>
  | t.UnionType<t.Mixed[]>;

const nodeOf = (codec: t.Mixed): Node => {
  const tag: unknown = '_tag' in codec ? codec._tag : undefined;
  if (!known.has(String(tag))) throw new NotCompilable(`${codec.name} (${String(tag)}) can't be compiled to a check`);
  return codec as Node;
};

const known = new Set([
  'StringType',
  'NumberType',
  'BooleanType',
  'NullType',
  'UndefinedType',
  'UnknownType',
  'RefinementType',
  'KeyofType',
  'InterfaceType',
  'PartialType',
  'IntersectionType',
  'UnionType',
]);

const isRecord: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Collects what the generated text refers to: predicates as parameters, members as local variables. */
class Text {
  readonly references: unknown[] = [];
  #variables = 0;

  refer(value: unknown): string {
    this.references.push(value);
    return `r${this.references.length - 1}`;
  }

  variable(): string {
    this.#variables += 1;
    return `v${this.#variables}`;
  }

  get declarations(): string {
    const names = Array.from({ length: this.#variables }, (_, index) => `v${index + 1}`);
    return names.length === 0 ? '' : `let ${names.join(', ')};`;
  }
}

const generated = (codec: t.Mixed): Check => {
  const text = new Text();
  const expression = expressionOf(codec, 'value', text);
  const names = text.references.map((_, index) => `r${index}`);
  const make = new Function(...names, `return (value) => { ${text.declarations} return ${expression}; };`) as (
    ...references: unknown[]
  ) => Check;
  return make(...text.references);
};

const expressionOf = (codec: t.Mixed, value: string, text: Text): string => {
  const node = nodeOf(codec);
  switch (node._tag) {
    case 'StringType':
      return `typeof ${value} === 'string'`;
    case 'NumberType':
      return `typeof ${value} === 'number'`;
    case 'BooleanType':
      return `typeof ${value} === 'boolean'`;
    case 'NullType':
      return `${value} === null`;
    case 'UndefinedType':
      return `${value} === undefined`;
    case 'UnknownType':
      return 'true';
    case 'KeyofType':
      return `${text.refer((key: unknown) => typeof key === 'string' && Object.hasOwn(node.keys, key))}(${value})`;
    case 'RefinementType':
      return `(${expressionOf(node.type, value, text)} && ${text.refer(node.predicate)}(${value}))`;
    case 'InterfaceType':
    case 'PartialType':
      return membersOf(node.props, value, text, node._tag === 'PartialType');
    case 'IntersectionType':
      return `(${node.types.map((type) => expressionOf(type, value, text)).join(' && ')})`;
    case 'UnionType':
      return `(${node.types.map((type) => expressionOf(type, value, text)).join(' || ')})`;
  }
};

const membersOf = (props: t.Props, value: string, text: Text, isPartial: boolean): string => {
  const members = Object.entries(props).map(([name, type]) => {
    const variable = text.variable();
    const key = JSON.stringify(name);
    const absent = isPartial
      ? `${variable} === undefined || `
      : type.is(undefined)
        ? `(${variable} !== undefined || Object.hasOwn(${value}, ${key})) && `
        : '';
    return `(${variable} = ${value}[${key}], ${absent}${expressionOf(type, variable, text)})`;
  });
  return `(${[`${text.refer(isRecord)}(${value})`, ...members].join(' && ')})`;
};

const closures = (codec: t.Mixed): Check => {
  const node = nodeOf(codec);
  switch (node._tag) {
    case 'StringType':
    case 'NumberType':
    case 'BooleanType':
    case 'NullType':
    case 'UndefinedType':
    case 'UnknownType':
    case 'KeyofType':
      return (value) => node.is(value);
    case 'RefinementType': {
      const inner = closures(node.type);
      return (value) => inner(value) && node.predicate(value);
    }
    case 'InterfaceType':
    case 'PartialType':
      return memberClosures(node.props, node._tag === 'PartialType');
    case 'IntersectionType': {
      const all = node.types.map(closures);
      return (value) => all.every((check) => check(value));
    }
    case 'UnionType': {
      const any = node.types.map(closures);
      return (value) => any.some((check) => check(value));
    }
  }
};

const memberClosures = (props: t.Props, isPartial: boolean): Check => {
  const members = Object.entries(props).map(([name, type]) => [name, closures(type)] as const);
  return (value) => {
    if (!isRecord(value)) return false;
    const record = value as Record<string, unknown>;
    return members.every(([name, check]) => {
      const inner = record[name];
      if (inner === undefined && isPartial) return true;
      return (inner !== undefined || Object.hasOwn(record, name)) && check(inner);
    });
  };
};
