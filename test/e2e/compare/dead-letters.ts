import type { Expected } from '../oracle/fold.js';
import type { LogRecord } from '../oracle/rules.js';

/** A record with everything that a dead letter must carry on. */
export interface KeptRecord extends LogRecord {
  readonly key: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | null>>;
}

export interface DeadLettersCompared {
  readonly differences: readonly string[];
  readonly expected: number;
  /** Letters that lie in the topic more than once: they are delivered at least once. */
  readonly repeats: number;
}

const connect = '__connect.errors.';

/** Every rejected record must lie in the dead-letter topic, as it was, with its place and its reason; and nothing else may. */
export const compareDeadLetters = (
  partitions: readonly { readonly records: readonly KeptRecord[]; readonly expected: Expected }[],
  letters: readonly KeptRecord[],
): DeadLettersCompared => {
  const wanted = new Map<string, { readonly record: KeptRecord; readonly reason: string }>();
  for (const { records, expected } of partitions) {
    for (const record of records) {
      const reason = expected.dead.get(record.offset);
      if (reason !== undefined) wanted.set(`${record.topic}-${record.partition}@${record.offset}`, { record, reason });
    }
  }
  const differences: string[] = [];
  const seen = new Set<string>();
  for (const letter of letters) {
    const place = placeOf(letter);
    const original = wanted.get(place);
    if (original === undefined) differences.push(`dead letter ${place}: its record was not rejected`);
    else
      differences.push(
        ...unlike(letter, original.record, original.reason).map((what) => `dead letter ${place}: ${what}`),
      );
    seen.add(place);
  }
  for (const [place, { reason }] of wanted) {
    if (!seen.has(place)) differences.push(`dead letter ${place}: missing, expected ${reason}`);
  }
  return { differences, expected: wanted.size, repeats: letters.length - seen.size };
};

const said = ({ headers }: KeptRecord, name: string): string => headers[`${connect}${name}`]?.toString() ?? 'nothing';

const placeOf = (letter: KeptRecord): string =>
  `${said(letter, 'topic')}-${said(letter, 'partition')}@${said(letter, 'offset')}`;

const unlike = (letter: KeptRecord, record: KeptRecord, reason: string): readonly string[] => {
  const found = said(letter, 'exception.class.name');
  const own = Object.entries(letter.headers).filter(([name]) => !name.startsWith(connect));
  return [
    ...(isSame(letter.key, record.key) ? [] : ['another key']),
    ...(isSame(letter.value, record.value) ? [] : ['other bytes']),
    ...(found === reason ? [] : [`reason ${found}, expected ${reason}`]),
    ...(said(letter, 'timestamp') === String(record.timestampMs) ? [] : ['another timestamp']),
    ...(own.length === Object.keys(record.headers).length &&
    own.every(([name, value]) => isSame(value, record.headers[name] ?? null))
      ? []
      : ['other headers']),
  ];
};

const isSame = (a: Buffer | null, b: Buffer | null): boolean => (a === null || b === null ? a === b : a.equals(b));
