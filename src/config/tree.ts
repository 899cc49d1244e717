/** Nested mappings by dotted path, as YAML gives them. Never changed in place. */
export type Tree = Readonly<Record<string, unknown>>;

const isTree = (u: unknown): u is Tree => typeof u === 'object' && u !== null && !Array.isArray(u);

/** What stands at a path; undefined when nothing does. */
export const valueAt = (tree: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (isTree(at) && Object.hasOwn(at, name) ? at[name] : undefined), tree);

/** With a value at a path, making the mappings on the way; unchanged when something else is in the way. */
export const withValue = (tree: unknown, [name, ...rest]: readonly string[], value: unknown): unknown => {
  if (name === undefined) return value;
  const mapping = tree ?? {};
  if (!isTree(mapping)) return tree;
  return { ...mapping, [name]: withValue(mapping[name], rest, value) };
};

/** Without what stands at a path. */
export const without = (tree: unknown, [name, ...rest]: readonly string[]): unknown => {
  if (name === undefined || !isTree(tree)) return undefined;
  const { [name]: gone, ...others } = tree;
  return rest.length === 0 || !isTree(gone) ? others : { ...others, [name]: without(gone, rest) };
};
