import * as t from 'io-ts';
import { type JsonSchema, Leaf } from '../../config/leaf.js';
import { Section } from '../../config/section.js';

/** A key of an entry of the rules file: what it may hold, whether it may be left out, and what people are told about it. */
export class Member<A> extends t.Type<A, unknown> {
  constructor(
    readonly codec: t.Type<A, unknown>,
    readonly about: string,
    readonly fallback: { readonly value: A } | null,
  ) {
    super(
      codec.name,
      (u): u is A => codec.is(u),
      (u, context) => (u === undefined && fallback !== null ? t.success(fallback.value) : codec.validate(u, context)),
      (value) => codec.encode(value),
    );
  }
}

/** A key that must be there. */
export const must = <A>(codec: t.Type<A, unknown>, about: string): Member<A> => new Member(codec, about, null);

/** A key that may be left out; it then stands for nothing. */
export const may = <A>(codec: t.Type<A, unknown>, about: string): Member<A | null> =>
  new Member(codec as t.Type<A | null, unknown>, about, { value: null });

/** A key that may be left out, and what it then stands for. */
export const mayElse = <A>(codec: t.Type<A, unknown>, about: string, fallback: A): Member<A> =>
  new Member(codec, about, { value: fallback });

/** Keys of which exactly one must be there, each with the keys that it can't do without. */
export type Forms<P> = { readonly [K in keyof P]?: readonly (keyof P)[] };

/** A mapping that comes in several forms, told apart by a key. */
export class Choice<P extends t.Props> extends Section<P> {
  readonly forms: readonly (readonly [name: string, needs: readonly string[]])[];

  constructor(keys: P, forms: Forms<P>) {
    const all = Object.entries(forms) as [string, string[]][];
    super(keys, (mapping) => faultOfForms(all, mapping));
    this.forms = all;
  }
}

const faultOfForms = (forms: Choice<t.Props>['forms'], mapping: Readonly<Record<string, unknown>>): string | null => {
  const given = forms.filter(([name]) => Object.hasOwn(mapping, name));
  const names = (list: Choice<t.Props>['forms']): readonly string[] => list.map(([name]) => name);
  const [form, other] = given;
  if (form === undefined) return `one of ${listed(names(forms), 'or')} must be there`;
  if (other !== undefined) return `${listed(names(given), 'and')} exclude each other: leave one of them`;
  const missing = form[1].filter((name) => !Object.hasOwn(mapping, name));
  return missing.length === 0 ? null : `${listed(missing, 'and')} must be there beside ${form[0]}`;
};

/** `a, b or c` */
export const listed = (list: readonly string[], last: 'and' | 'or'): string =>
  list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} ${last} ${list.at(-1) ?? ''}`;

/** A mapping from names of people's own to values of one kind. Names are decoded, too. */
export class Table<A, N extends string = string> extends t.Type<Readonly<Record<string, A>>, unknown> {
  constructor(
    readonly names: Leaf<N>,
    readonly values: t.Type<A, unknown>,
  ) {
    super(
      `a mapping of ${names.name} to ${values.name}`,
      (u): u is Readonly<Record<string, A>> => t.UnknownRecord.is(u),
      (u, context) => {
        if (typeof u !== 'object' || u === null || Array.isArray(u)) return t.failure(u, context);
        const errors: t.Errors = [];
        const table = new Map<string, A>();
        for (const [name, raw] of Object.entries(u)) {
          const key = names.validate(name, t.appendContext(context, name, names, name));
          const value = values.validate(raw, t.appendContext(context, name, values, raw));
          if (key._tag === 'Left') errors.push(...key.left);
          if (value._tag === 'Left') errors.push(...value.left);
          else table.set(name, value.right);
        }
        return errors.length > 0 ? t.failures(errors) : t.success(Object.fromEntries(table));
      },
      (table) => Object.fromEntries(Object.entries(table).map(([name, value]) => [name, values.encode(value)])),
    );
  }
}

/** A list of at least `atLeast` and at most `atMost` values. */
export class Row<A> extends t.Type<readonly A[], unknown> {
  constructor(
    readonly values: t.Type<A, unknown>,
    readonly atLeast: number,
    readonly atMost: number,
  ) {
    const base = t.readonlyArray(values);
    super(
      `a list of ${values.name}`,
      (u): u is readonly A[] => base.is(u),
      (u, context) => {
        if (!Array.isArray(u)) return t.failure(u, context, 'it must be a list, even of one');
        if (u.length < atLeast)
          return t.failure(u, context, `the list has ${u.length}, and must have at least ${atLeast}`);
        if (u.length > atMost) return t.failure(u, context, `the list has ${u.length}, and may have at most ${atMost}`);
        return base.validate(u, context);
      },
      base.encode,
    );
  }
}

/** A value, or a list of such. */
export class OneOrMany<A> extends t.Type<readonly A[], unknown> {
  constructor(readonly values: t.Type<A, unknown>) {
    const many = new Row(values, 1, 1_000);
    super(
      `${values.name}, or a list of such`,
      (u): u is readonly A[] => many.is(u),
      (u, context) => {
        if (Array.isArray(u)) return many.validate(u, context);
        const one = values.validate(u, context);
        return one._tag === 'Left' ? one : t.success([one.right]);
      },
      many.encode,
    );
  }
}

/** One of two forms: which, is told from the value by `isFirst`, so that a fault speaks of the form that was meant. */
export class Either2<A, B> extends t.Type<A | B, unknown> {
  constructor(
    readonly first: t.Type<A, unknown>,
    readonly second: t.Type<B, unknown>,
    isFirst: (u: unknown) => boolean,
  ) {
    super(
      `${first.name}, or ${second.name}`,
      (u): u is A | B => first.is(u) || second.is(u),
      (u, context): t.Validation<A | B> => (isFirst(u) ? first.validate(u, context) : second.validate(u, context)),
      (value) => (first.is(value) ? first.encode(value) : second.encode(value)),
    );
  }
}

/** The mapping whose keys a codec reads, through what is wrapped around it; null when it reads something else. */
export const keysOf = (codec: unknown): Readonly<Record<string, unknown>> | null => {
  if (codec instanceof Section) return codec.keys as Readonly<Record<string, unknown>>;
  if (codec instanceof Member) return keysOf(codec.codec);
  if (codec instanceof Either2) return keysOf(codec.first) ?? keysOf(codec.second);
  if (codec instanceof OneOrMany) return keysOf(codec.values);
  return null;
};

/** JSON Schema of a codec made of the above. */
export const schemaOf = (codec: unknown): JsonSchema => {
  if (codec instanceof Member) return { description: codec.about, ...fallbackOf(codec), ...schemaOf(codec.codec) };
  if (codec instanceof Choice)
    return { ...schemaOfSection(codec), oneOf: codec.forms.map(([name, needs]) => ({ required: [name, ...needs] })) };
  if (codec instanceof Section) return schemaOfSection(codec as Section<t.Props>);
  if (codec instanceof Table)
    return {
      type: 'object',
      propertyNames: schemaOf(codec.names),
      additionalProperties: schemaOf(codec.values),
    };
  if (codec instanceof Row)
    return { type: 'array', items: schemaOf(codec.values), minItems: codec.atLeast, maxItems: codec.atMost };
  if (codec instanceof OneOrMany) {
    const one = schemaOf(codec.values);
    return { anyOf: [one, { type: 'array', items: one, minItems: 1, maxItems: 1_000 }] };
  }
  if (codec instanceof Either2) return { anyOf: [schemaOf(codec.first), schemaOf(codec.second)] };
  if (codec instanceof Leaf) return codec.schema;
  return {};
};

const fallbackOf = ({ fallback, codec }: Member<unknown>): JsonSchema =>
  fallback === null || fallback.value === null || typeof fallback.value === 'object'
    ? {}
    : { default: codec.encode(fallback.value) };

const schemaOfSection = ({ keys }: Section<t.Props>): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(Object.entries(keys).map(([name, part]) => [name, schemaOf(part)])),
  required: Object.entries(keys).flatMap(([name, part]) =>
    part instanceof Member && part.fallback === null ? [name] : [],
  ),
  additionalProperties: false,
});
