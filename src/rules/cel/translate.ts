import type { DeviceFacts } from '../../../streams/rules/rules.js';
import { profileField } from '../fields.js';
import { against, between, type BoolOf, type Comparison, type NumberOf, type Readings } from './comparison.js';
import type { ASTNode } from './language.js';
import { linearPattern } from './pattern.js';
import { deviceFields, numberFunctions, textFunctions } from './words.js';

type TextOf = (readings: Readings, facts: DeviceFacts) => string;

/** What a part of an expression became. `constant`: its value is the same for every reading. */
export type Part =
  | { readonly kind: 'number'; readonly of: NumberOf; readonly constant?: number }
  | { readonly kind: 'bool'; readonly of: BoolOf }
  | { readonly kind: 'text'; readonly of: TextOf; readonly constant?: string };

/** What an expression is translated for. */
export interface Target {
  readonly slots: ReadonlyMap<string, number>;
  /** Slots that are read are added here. */
  readonly reads: Set<number>;
  /** So are fields of the device. */
  readonly fields: Set<string>;
  readonly tagsOf: (facts: DeviceFacts) => readonly string[];
  /** Throws, naming the rule. */
  readonly fail: (why: string) => never;
}

/** Something that type-checks and still has no sense here. */
export class NotTranslated extends Error {
  constructor(
    message: string,
    readonly index: number,
  ) {
    super(message);
  }
}

/**
 * A checked expression as plain functions, one per node, in about a nanosecond or two each; nothing is allocated. `&&`, `||` and `?:` look at what they
 * need, from left to right.
 */
export const translate = (node: ASTNode, target: Target): Part => {
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      return metricOf(node, node.args, target);
    case '.':
      return deviceFieldOf(node, target);
    case '!_': {
      const inner = bool(node.args, target);
      return { kind: 'bool', of: (r, f) => !inner(r, f) };
    }
    case '-_': {
      const inner = number(node.args, target);
      return inner.constant === undefined
        ? { kind: 'number', of: (r, f) => -inner.of(r, f) }
        : constantNumber(-inner.constant);
    }
    case '&&': {
      const [one, other] = [bool(node.args[0], target), bool(node.args[1], target)];
      return { kind: 'bool', of: (r, f) => one(r, f) && other(r, f) };
    }
    case '||': {
      const [one, other] = [bool(node.args[0], target), bool(node.args[1], target)];
      return { kind: 'bool', of: (r, f) => one(r, f) || other(r, f) };
    }
    case '?:':
      return conditional(node.args, target);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(node.op, node.args, target);
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return comparison(node.op, node, target);
    case 'in':
      return membership(node.args, target);
    case 'call':
      return call(node.args[0], node.args[1], target);
    case 'rcall':
      return textCall(node, node.args[0], [node.args[1], ...node.args[2]], target);
    case 'list':
    case 'map':
    case '[]':
    case '[?]':
    case '.?':
      throw new NotTranslated(`${node.op} is not available here`, node.start);
  }
};

const constantNumber = (value: number): Part & { readonly kind: 'number' } => ({
  kind: 'number',
  of: () => value,
  constant: value,
});

const literal = (value: unknown): Part => {
  if (typeof value === 'boolean') return { kind: 'bool', of: () => value };
  if (typeof value === 'string') return { kind: 'text', of: () => value, constant: value };
  return constantNumber(Number(value));
};

const metricOf = (node: ASTNode, name: string, { slots, reads }: Target): Part => {
  const slot = slots.get(name);
  if (slot === undefined) throw new NotTranslated(`${name} is no value: say what of it`, node.start);
  reads.add(slot);
  return { kind: 'number', of: (readings) => readings[slot] as number };
};

const deviceFieldOf = (node: ASTNode & { readonly op: '.' }, { fields }: Target): Part => {
  const [owner, name] = node.args;
  if (owner.op !== 'id' || owner.args !== 'device') throw new NotTranslated('only device has fields', node.start);
  fields.add(name);
  if (name === 'id') return { kind: 'text', of: (_r, { id }) => id };
  const type = deviceFields.get(name);
  if (type === 'list<string>')
    throw new NotTranslated(`ask whether something is in it: "cold" in device.${name}`, node.start);
  const field = profileField(name);
  if (type === 'double') return { kind: 'number', of: (_r, { profile }) => asNumber(field(profile)) };
  return { kind: 'text', of: (_r, { profile }) => asText(field(profile)) };
};

/** What is not known is NaN, which compares with nothing … */
const asNumber = (value: string | number | null): number => (typeof value === 'number' ? value : NaN);
/** … and the empty text. */
const asText = (value: string | number | null): string => (typeof value === 'string' ? value : '');

const number = (node: ASTNode, target: Target): Part & { readonly kind: 'number' } => {
  const part = translate(node, target);
  if (part.kind !== 'number')
    throw new NotTranslated(`a number is needed here, and this is ${shown[part.kind]}`, node.start);
  return part;
};

const bool = (node: ASTNode, target: Target): BoolOf => {
  const part = translate(node, target);
  if (part.kind !== 'bool')
    throw new NotTranslated(`a claim is needed here, and this is ${shown[part.kind]}`, node.start);
  return part.of;
};

const text = (node: ASTNode, target: Target): Part & { readonly kind: 'text' } => {
  const part = translate(node, target);
  if (part.kind !== 'text')
    throw new NotTranslated(`a text is needed here, and this is ${shown[part.kind]}`, node.start);
  return part;
};

const shown = { number: 'a number', bool: 'true or false', text: 'a text' } as const;

const conditional = ([ask, yes, no]: readonly [ASTNode, ASTNode, ASTNode], target: Target): Part => {
  const asked = bool(ask, target);
  const [one, other] = [translate(yes, target), translate(no, target)];
  if (one.kind === 'number' && other.kind === 'number')
    return { kind: 'number', of: (r, f) => (asked(r, f) ? one.of(r, f) : other.of(r, f)) };
  if (one.kind === 'bool' && other.kind === 'bool')
    return { kind: 'bool', of: (r, f) => (asked(r, f) ? one.of(r, f) : other.of(r, f)) };
  if (one.kind === 'text' && other.kind === 'text')
    return { kind: 'text', of: (r, f) => (asked(r, f) ? one.of(r, f) : other.of(r, f)) };
  throw new NotTranslated('both answers must be of one kind', no.start);
};

const arithmetic = (
  op: '+' | '-' | '*' | '/' | '%',
  [first, second]: readonly [ASTNode, ASTNode],
  target: Target,
): Part => {
  const [one, other] = [number(first, target), number(second, target)];
  const [a, b] = [one.of, other.of];
  const { fail } = target;
  switch (op) {
    case '+':
      return { kind: 'number', of: (r, f) => a(r, f) + b(r, f) };
    case '-':
      return { kind: 'number', of: (r, f) => a(r, f) - b(r, f) };
    case '*':
      return { kind: 'number', of: (r, f) => a(r, f) * b(r, f) };
    case '/':
    case '%': {
      const divisor = other.constant;
      if (divisor === 0) throw new NotTranslated('this divides by zero', second.start);
      if (divisor !== undefined)
        return op === '/'
          ? { kind: 'number', of: (r, f) => a(r, f) / divisor }
          : { kind: 'number', of: (r, f) => a(r, f) % divisor };
      const nonZero = (r: Readings, f: DeviceFacts): number => {
        const value = b(r, f);
        return value === 0 ? fail('it divides by zero') : value;
      };
      return op === '/'
        ? { kind: 'number', of: (r, f) => a(r, f) / nonZero(r, f) }
        : { kind: 'number', of: (r, f) => a(r, f) % nonZero(r, f) };
    }
  }
};

const comparison = (op: Comparison, node: ASTNode & { readonly op: Comparison }, target: Target): Part => {
  const [first, second] = node.args;
  const [one, other] = [translate(first, target), translate(second, target)];
  if (one.kind === 'number' && other.kind === 'number')
    return {
      kind: 'bool',
      of: other.constant === undefined ? between(op, one.of, other.of) : against(op, one.of, other.constant),
    };
  const isEquality = op === '==' || op === '!=';
  if (!isEquality || one.kind !== other.kind)
    throw new NotTranslated(`${shown[one.kind]} and ${shown[other.kind]} can't be compared with ${op}`, node.start);
  const [a, b] = [one.of, other.of];
  return op === '=='
    ? { kind: 'bool', of: (r, f) => a(r, f) === b(r, f) }
    : { kind: 'bool', of: (r, f) => a(r, f) !== b(r, f) };
};

const membership = ([member, list]: readonly [ASTNode, ASTNode], target: Target): Part => {
  if (list.op === '.' && list.args[0].op === 'id' && list.args[0].args === 'device' && list.args[1] === 'tags') {
    target.fields.add('tags');
    const tag = text(member, target).of;
    return { kind: 'bool', of: (r, f) => target.tagsOf(f).includes(tag(r, f)) };
  }
  if (list.op !== 'list') throw new NotTranslated('a list is needed here, such as [1, 2]', list.start);
  const wanted = translate(member, target);
  const values = list.args.map((element) => {
    const part = translate(element, target);
    if (part.kind !== wanted.kind || part.kind === 'bool' || part.constant === undefined)
      throw new NotTranslated(
        `the list must hold what is looked for: write ${shown[wanted.kind]} itself`,
        element.start,
      );
    return part.constant;
  });
  const set = new Set<unknown>(values);
  return { kind: 'bool', of: (r, f) => set.has(wanted.of(r, f)) };
};

const call = (name: string, args: readonly ASTNode[], target: Target): Part => {
  const fn = numberFunctions.get(name)?.of;
  const [first, second] = args.map((arg) => number(arg, target).of);
  if (fn === undefined || first === undefined) throw new NotTranslated(`there is no function ${name} here`, 0);
  const { fail } = target;
  const answered = (value: number): number =>
    Number.isNaN(value) ? fail(`${name} has no answer for what it was given`) : value;
  if (second === undefined) return { kind: 'number', of: (r, f) => answered(fn(first(r, f), NaN)) };
  return { kind: 'number', of: (r, f) => answered(fn(first(r, f), second(r, f))) };
};

const textCall = (node: ASTNode, name: string, args: readonly ASTNode[], target: Target): Part => {
  const [first, second] = args.map((arg) => text(arg, target));
  if (first === undefined || second === undefined) throw new NotTranslated(`${name} needs a text`, node.start);
  const [a, b] = [first.of, second.of];
  const fn = textFunctions.get(name);
  if (fn !== undefined) return { kind: 'bool', of: (r, f) => fn(a(r, f), b(r, f)) };
  if (second.constant === undefined) throw new NotTranslated('a pattern must be written out', args[1]?.start ?? 0);
  const pattern = linearPattern(second.constant);
  if (typeof pattern === 'string') throw new NotTranslated(pattern, args[1]?.start ?? 0);
  return { kind: 'bool', of: (r, f) => pattern.part(a(r, f)) };
};
