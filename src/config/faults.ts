/** Where a value came from. Lines and columns count from 1. */
export type Origin =
  | { readonly from: 'default' }
  | { readonly from: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'flag'; readonly name: string };

/** One thing that is wrong with what the service was told. */
export interface ConfigFault {
  readonly origin: Origin;
  /** As it was written: `kafka.consumer.group_id`, `alerts[2].clear`; empty for the file as a whole. */
  readonly key: string;
  /** What is wrong, and what to do about it, in words. */
  readonly problem: string;
  /** What would have been right; null where `problem` says it all. */
  readonly expected: string | null;
  /** What stands there; null where nothing does, or where it must not be shown. */
  readonly found: string | null;
  /** The right name that is nearest to a misspelt one. */
  readonly nearest: string | null;
}

export const showOrigin = (origin: Origin): string => {
  switch (origin.from) {
    case 'default':
      return 'default';
    case 'file':
      return `${origin.file}:${origin.line}:${origin.column}`;
    case 'env':
      return `env ${origin.name}`;
    case 'flag':
      return origin.name;
  }
};

/** One line: `weir.yaml:12:20: kafka.consumer.session_timeout: a unit is missing: expected a duration …, found 30`. */
export const showFault = (fault: ConfigFault): string => {
  const found = fault.found === null ? '' : `found ${fault.found}`;
  const expectation =
    fault.expected === null ? found : [`expected ${fault.expected}`, found].filter((part) => part !== '').join(', ');
  const sentence = [fault.problem, expectation].filter((part) => part !== '').join('; ');
  const hint = fault.nearest === null ? '' : `; did you mean ${fault.nearest}?`;
  return [showOrigin(fault.origin), fault.key, sentence + hint].filter((part) => part !== '').join(': ');
};

/** `alerts.2.clear` as `alerts[2].clear`. */
export const showPath = (path: string): string => path.replace(/\.(\d+)(?=\.|$)/g, '[$1]');

const longest = 60;

/** A value as it is shown in a fault: short, and told apart from its neighbours by quotes and brackets. */
export const showValue = (value: unknown): string => {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return showList(value);
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};

/** Whole when it is short and of plain values. */
const showList = (list: readonly unknown[]): string => {
  if (list.length === 0) return 'an empty list';
  const isPlain = list.every((value) => value === null || typeof value !== 'object');
  const text = isPlain ? `[${list.map(showValue).join(', ')}]` : '';
  return isPlain && text.length <= longest ? text : `a list of ${list.length}`;
};
