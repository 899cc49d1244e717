import type * as t from 'io-ts';

/** The members that a codec looks at, by name; a scalar has none. */
export type MemberNames = ReadonlyMap<string, MemberNames>;

type Growing = Map<string, Growing>;

/** Walks a codec. Of kinds it does not know it sees no members: what they look at would be missing, and they would refuse it. */
export const memberNames = (codec: t.Mixed): MemberNames => {
  const names: Growing = new Map();
  collect(codec, names);
  return names;
};

const collect = (codec: t.Mixed, into: Growing): void => {
  const node = codec as t.Mixed & { readonly _tag?: string; readonly props?: t.Props; readonly type?: t.Mixed; readonly types?: readonly t.Mixed[] }; // prettier-ignore
  for (const [name, member] of Object.entries(node.props ?? {})) {
    const inner = into.get(name) ?? new Map<string, Growing>();
    into.set(name, inner);
    collect(member, inner);
  }
  for (const part of node.types ?? []) collect(part, into);
  if (node._tag === 'RefinementType' && node.type !== undefined) collect(node.type, into);
};
