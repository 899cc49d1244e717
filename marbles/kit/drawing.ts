import { AssertionError } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import { difference } from './difference.js';
import { shown } from './shown.js';

/** A notification in virtual time, as rxjs's `TestScheduler` writes it down. */
export interface Seen {
  readonly frame: number;
  readonly notification:
    | { readonly kind: 'N'; readonly value: unknown }
    | { readonly kind: 'E'; readonly error: unknown }
    | { readonly kind: 'C' };
}

/** A value that a marble's letter stands for. */
export class Lettered {
  constructor(
    readonly letter: string,
    readonly value: unknown,
  ) {}
}

const valueOf = (value: unknown): unknown => (value instanceof Lettered ? value.value : value);

/** Compares what came with what a marble says. Errors: throws with both drawn as marbles, and every difference in words. */
export const compareSeen = (came: readonly Seen[], expected: readonly Seen[]): void => {
  const differences = Array.from(
    { length: Math.max(came.length, expected.length) },
    (_, i) => [came[i], expected[i]] as const,
  );
  const told = differences.flatMap(([a, b]) => ofSeen(a, b));
  if (told.length === 0) return;
  const letters = expected.flatMap(({ notification }) =>
    notification.kind === 'N' && notification.value instanceof Lettered ? [notification.value] : [],
  );
  const drawn = `  expected  ${draw(expected, letters)}\n  came      ${draw(came, letters)}`;
  throw new AssertionError({
    message: `the observable is not as its marble says\n${drawn}\n${told.map((line) => `  ${line}`).join('\n')}`,
    operator: 'marble',
  });
};

const ofSeen = (came: Seen | undefined, expected: Seen | undefined): readonly string[] => {
  const at = `at ${came?.frame ?? expected?.frame ?? 0}:`;
  if (came === undefined || expected === undefined) {
    return expected === undefined
      ? [`${at} came though nothing more was expected: ${told(came)}`]
      : [`${at} did not come: ${told(expected)}`];
  }
  const when =
    came.frame === expected.frame ? [] : [`${at} came, but was expected at ${expected.frame}: ${told(came)}`];
  const what = contents(came, expected).map((line) => `${at} ${line}`);
  return [...when, ...what];
};

const contents = ({ notification: a }: Seen, { notification: b }: Seen): readonly string[] => {
  if (a.kind === 'N' && b.kind === 'N') return difference(valueOf(a.value), valueOf(b.value));
  if (a.kind === 'E' && b.kind === 'E' && isDeepStrictEqual(a.error, b.error)) return [];
  if (a.kind === 'C' && b.kind === 'C') return [];
  return [`- ${words(b)}`, `+ ${words(a)}`];
};

const told = (seen: Seen | undefined): string => (seen === undefined ? '' : words(seen.notification));

const words = (notification: Seen['notification']): string => {
  switch (notification.kind) {
    case 'N':
      return notification.value instanceof Lettered
        ? notification.value.letter
        : `a value ${shown(notification.value).slice(0, 400)}`;
    case 'E':
      return `the error ${notification.error instanceof Error ? notification.error.stack : shown(notification.error)}`;
    case 'C':
      return 'completion';
  }
};

const longest = 200;

/** As a marble; `?` stands for a value that no letter stands for. */
const draw = (seen: readonly Seen[], letters: readonly Lettered[]): string => {
  if (seen.some(({ frame }) => frame > longest)) return `(longer than ${longest} frames)`;
  let drawn = '';
  for (const frame of new Set(seen.map((one) => one.frame))) {
    const now = seen.filter((one) => one.frame === frame).map((one) => letterOf(one, letters));
    drawn = drawn.padEnd(frame, '-') + (now.length > 1 ? `(${now.join('')})` : now.join(''));
  }
  return drawn === '' ? '-' : drawn;
};

const letterOf = ({ notification }: Seen, letters: readonly Lettered[]): string => {
  if (notification.kind !== 'N') return notification.kind === 'E' ? '#' : '|';
  const { value } = notification;
  if (value instanceof Lettered) return value.letter;
  if (letters.length === 0 && typeof value === 'string' && value.length === 1) return value;
  return letters.find((one) => difference(value, one.value).length === 0)?.letter ?? '?';
};

interface Subscribed {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** Compares when a source was subscribed and unsubscribed. Errors: throws with both drawn as marbles. */
export const compareSubscribed = (came: readonly Subscribed[], expected: readonly Subscribed[]): void => {
  if (isDeepStrictEqual(came.map(drawSubscribed), expected.map(drawSubscribed))) return;
  const lines = (all: readonly Subscribed[]) =>
    all.length === 0 ? 'no subscription' : all.map(drawSubscribed).join('\n            ');
  throw new AssertionError({
    message: `subscriptions are not as their marble says\n  expected  ${lines(expected)}\n  came      ${lines(came)}`,
    operator: 'marble',
  });
};

const drawSubscribed = ({ subscribedFrame: from, unsubscribedFrame: to }: Subscribed): string =>
  to === Infinity
    ? `${'-'.repeat(from)}^ and never unsubscribed`
    : from === to
      ? `${'-'.repeat(from)}(^!)`
      : `${'-'.repeat(from)}^`.padEnd(to, '-') + '!';
