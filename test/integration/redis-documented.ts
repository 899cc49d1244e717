import { readFile } from 'node:fs/promises';

/** The rules of `ACL SETUSER` as docs/redis.md gives them, for a group and a password. */
export const documentedAcl = async (group: string, password: string): Promise<readonly string[]> => {
  const text = await readFile(new URL('../../docs/redis.md', import.meta.url), 'utf8');
  const [, rules] = /^ACL SETUSER weir (.*)$/m.exec(text) ?? [];
  if (rules === undefined) throw new Error('docs/redis.md has no line that begins with ACL SETUSER weir');
  return rules
    .split(' ')
    .map((rule) => rule.replace('GROUP', group).replace('PASSWORD', password).replace(/^'|'$/g, ''));
};
