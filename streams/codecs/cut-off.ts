const space = String.raw`[\t\n\r ]*`;
const inString = String.raw`(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*`;
const integer = String.raw`-?(?:0|[1-9]\d*)`;

/** One whole token: a mark, a string, or a number or literal. */
const whole = new RegExp(
  String.raw`${space}(?:([{}[\],:])|("${inString}")|${integer}(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)`,
  'y',
);
/** What is left when the text ends inside a token: the beginning of a string, or of a number or literal; or nothing. */
const begun = new RegExp(
  String.raw`${space}(?:("${inString}(?:\\(?:u[\da-fA-F]{0,3})?)?)|(-|${integer}(?:\.|(?:\.\d+)?[eE][+-]?)|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?))?$`,
  'y',
);

type Awaited = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end' | 'nothing';

/**
 * Whether a text that is no JSON would have become JSON had it gone on: it was cut off, and nothing in it is wrong. Says so by the
 * grammar (RFC 8259) and not by what a parser's message looks like. Blank texts are not cut off. Slow: only for what does not parse.
 */
export const isCutOff = (text: string): boolean => {
  const open: ('{' | '[')[] = [];
  let awaited: Awaited = 'value';
  for (let at = 0; ; at = whole.lastIndex) {
    begun.lastIndex = at;
    const rest = begun.exec(text);
    if (rest !== null) return at + rest[0].trimStart().length > 0 && isFitting(rest, awaited);
    whole.lastIndex = at;
    const token = whole.exec(text);
    const next: Awaited | null = token === null ? null : after(token, awaited, open);
    if (next === null) return false;
    awaited = next;
  }
};

const isValueAwaited = (awaited: Awaited): boolean => awaited === 'value' || awaited === 'value or ]';
const isKeyAwaited = (awaited: Awaited): boolean => awaited === 'key' || awaited === 'key or }';

const isFitting = ([, string, scalar]: RegExpExecArray, awaited: Awaited): boolean => {
  if (string !== undefined) return isValueAwaited(awaited) || isKeyAwaited(awaited);
  if (scalar !== undefined) return isValueAwaited(awaited);
  return awaited !== 'nothing';
};

/** What is awaited after a token; null when it may not stand where it stands. */
const after = ([, mark, string]: RegExpExecArray, awaited: Awaited, open: ('{' | '[')[]): Awaited | null => {
  if (mark === undefined) {
    if (string !== undefined && isKeyAwaited(awaited)) return 'colon';
    return isValueAwaited(awaited) ? afterValue(open) : null;
  }
  if (mark === ':') return awaited === 'colon' ? 'value' : null;
  if (mark === ',') return awaited === 'comma or end' ? (open.at(-1) === '{' ? 'key' : 'value') : null;
  if (mark === '{' || mark === '[') {
    if (!isValueAwaited(awaited)) return null;
    open.push(mark);
    return mark === '{' ? 'key or }' : 'value or ]';
  }
  const isEmpty = awaited === (mark === '}' ? 'key or }' : 'value or ]');
  if (open.at(-1) !== (mark === '}' ? '{' : '[') || !(isEmpty || awaited === 'comma or end')) return null;
  open.pop();
  return afterValue(open);
};

const afterValue = (open: readonly unknown[]): Awaited => (open.length > 0 ? 'comma or end' : 'nothing');
