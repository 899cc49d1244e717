import { RE2JS } from 're2js';

/** A pattern that takes linear time for every text; or why it is none. */
export const linearPattern = (
  source: string,
): { readonly whole: (text: string) => boolean; readonly part: (text: string) => boolean } | string => {
  try {
    const compiled = RE2JS.compile(source);
    return { whole: (given) => compiled.matches(given), part: (given) => compiled.matcher(given).find() };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    const isBacktracking = /\(\?[=!<]|\\[1-9]/.test(source);
    return isBacktracking
      ? `${why}: what looks around or back can take for ever, and is not part of these patterns (RE2)`
      : `no pattern (RE2): ${why}`;
  }
};
