import type { Observable } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { Builders } from './builders.js';
import { compareSeen, compareSubscribed, Lettered, type Seen } from './drawing.js';
import { Expectations } from './expectations.js';
import { test } from './runner.js';
import { type SomeSettings, testSettings } from './settings.js';

/** What the body of a marble test is given: rxjs's own helpers, and builders on a partition state of its own. */
export interface MarbleTools
  extends
    Omit<RunHelpers, 'expectObservable'>,
    Pick<Builders, 'settings' | 'state' | 'telemetry' | 'chunk' | 'rawChunk'> {
  readonly expectObservable: <T>(observable$: Observable<T>, subscription?: string) => ExpectedMarble<T>;
}

export interface ExpectedMarble<T> {
  /**
   * Letters stand for chunks (their records, and what they bring), for claims like `closed([0, 10], [20])`, or for plain values. A letter
   * that is not in `values` stands for itself.
   */
  readonly toBe: (marble: string, values?: Readonly<Record<string, unknown>>, error?: unknown) => void;
  readonly toEqual: (other$: Observable<T>) => void;
}

/**
 * Registers a marble test with whatever runner is there (vitest, jest, mocha, node:test), run in virtual time by rxjs's
 * `TestScheduler`. Every test has a partition state of its own, and its offsets begin at 0.
 *
 *     marbles('counts devices', ({ cold, chunk, state, settings, expectObservable }) => {
 *       const source = cold(' -a-|', { a: chunk(1, 4) });
 *       expectObservable(source.pipe(countDevices(settings, state))).toBe('-a-|', { a: nothing });
 *     });
 *
 * Settings that differ from `testSettings()` stand between name and body: `marbles('…', { window: { sizeMs: 10 } }, (…) => …)`.
 */
export function marbles(name: string, body: (tools: MarbleTools) => void): void;
export function marbles(name: string, settings: SomeSettings, body: (tools: MarbleTools) => void): void;
export function marbles(
  name: string,
  ...rest: [body: (tools: MarbleTools) => void] | [settings: SomeSettings, body: (tools: MarbleTools) => void]
): void {
  const [settings, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  test(name, () => runMarbles(body, settings));
}

/** Runs a marble test now, for runners that `marbles` does not know: `test('…', () => runMarbles(({ cold }) => …))`. */
export const runMarbles = (body: (tools: MarbleTools) => void, settings: SomeSettings = {}): void => {
  const expectations = new Expectations();
  const scheduler = new TestScheduler((came, expected) => {
    expectations.next(() => {
      compare(came, expected);
    });
  });
  scheduler.run((helpers) => {
    const { state, telemetry, chunk, rawChunk, settings: complete } = new Builders(testSettings(settings));
    const expectObservable = <T>(observable$: Observable<T>, subscription?: string): ExpectedMarble<T> => {
      const expected = helpers.expectObservable(observable$, subscription);
      const noting = expectations.made();
      return {
        toBe: noting((marble, values, error) => {
          expected.toBe(marble, values && lettered(marble, values), error);
        }),
        toEqual: noting((other$) => {
          expected.toEqual(other$);
        }),
      };
    };
    const expectSubscriptions: RunHelpers['expectSubscriptions'] = (logs) => {
      const expected = helpers.expectSubscriptions(logs);
      return { toBe: expectations.made()((marble) => expected.toBe(marble)) };
    };
    body({ ...helpers, expectObservable, expectSubscriptions, settings: complete, state, telemetry, chunk, rawChunk });
  });
  expectations.end();
};

const lettered = (marble: string, values: Readonly<Record<string, unknown>>): Record<string, Lettered> =>
  Object.fromEntries(
    [...new Set(marble)].map((letter) => [letter, new Lettered(letter, letter in values ? values[letter] : letter)]),
  );

/** rxjs hands over either notifications or subscriptions. */
const compare = (came: unknown, expected: unknown): void => {
  const [some] = [...(came as object[]), ...(expected as object[])];
  if (some === undefined) return;
  if ('subscribedFrame' in some) compareSubscribed(came as never, expected as never);
  else compareSeen(came as Seen[], expected as Seen[]);
};
