import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Leaf, saidByMessage } from './leaf.js';

/** One key of the file: what it may hold, what holds when it is not there, and what people are told about it. */
export class Key<A> extends Leaf<A> {
  constructor(
    leaf: Leaf<A>,
    readonly fallback: A,
    readonly about: About,
  ) {
    super(
      leaf.name,
      (u): u is A => leaf.is(u),
      (u, context) => (u === undefined ? t.success(fallback) : leaf.validate(u, context)),
      (value) => leaf.encode(value),
      leaf.fromText,
      leaf.schema,
    );
  }
}

export interface About {
  readonly description: string;
  /** Never shown; may be read from a file that `…_FILE` names. */
  readonly isSecret?: boolean;
  /** A name of the environment that is known elsewhere too, beside the `WEIR_…` name. */
  readonly env?: string;
  /** What null means, where that is the default. */
  readonly unset?: string;
}

export const key = <A>(leaf: Leaf<A>, fallback: A, about: About | string): Key<A> =>
  new Key(leaf, fallback, typeof about === 'string' ? { description: about } : about);

/** Stands in the context of a fault about a key that nobody knows. */
export const unknownKey = new t.NeverType();

const isMapping = (u: unknown): u is Record<string, unknown> =>
  typeof u === 'object' && u !== null && !Array.isArray(u);

const saidOf = (context: t.Context, actual: unknown): t.Context => t.appendContext(context, '', saidByMessage, actual);

/** A mapping with known keys only. Absent or empty, it is a mapping without keys: every key says itself what that means. */
export class Section<P extends t.Props> extends t.Type<t.TypeOfProps<P>, unknown> {
  constructor(
    readonly keys: P,
    /** What is wrong between keys that are right by themselves; null when nothing is. */
    wholeFault: (mapping: Readonly<Record<string, unknown>>) => string | null = () => null,
  ) {
    const base = t.type(keys);
    super(
      'a mapping of keys to values',
      (u): u is t.TypeOfProps<P> => base.is(u),
      (u, context) => {
        const mapping = u ?? {};
        if (!isMapping(mapping)) return t.failure(u, context);
        const strangers = Object.keys(mapping).filter((name) => !Object.hasOwn(keys, name));
        const errors = strangers.map((name) => ({
          value: mapping[name],
          context: t.appendContext(context, name, unknownKey, mapping[name]),
        }));
        const known = base.validate(mapping, context);
        if (isLeft(known)) return t.failures([...errors, ...known.left]);
        if (errors.length > 0) return t.failures(errors);
        const fault = wholeFault(mapping);
        return fault === null ? known : t.failures([{ value: u, context: saidOf(context, u), message: fault }]);
      },
      (value) => base.encode(value),
    );
  }
}

export const section = <P extends t.Props>(keys: P): Section<P> => new Section(keys);

export interface KeyAt {
  /** `kafka.consumer.group_id` */
  readonly path: string;
  readonly key: Key<unknown>;
}

/** Every key below a section, in the order of the file. */
export const keysBelow = (at: { readonly keys: Readonly<Record<string, unknown>> }, prefix = ''): readonly KeyAt[] =>
  Object.entries(at.keys).flatMap(([name, part]): readonly KeyAt[] => {
    if (part instanceof Section) return keysBelow(part, `${prefix}${name}.`);
    return part instanceof Key ? [{ path: `${prefix}${name}`, key: part }] : [];
  });
