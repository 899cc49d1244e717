import { map, take } from 'rxjs';
import { type MarbleTools, runMarbles } from './marbles.js';
import { inPlace, type Tried } from './tried.js';

/** Marbles in which every chunk that comes out is an `x`: when it comes is what matters here. */
const drawn = <A, B>(
  tried: Tried<A, B>,
  body: (tools: MarbleTools & { readonly operator: ReturnType<typeof anyChunk> }) => void,
): void => {
  runMarbles((tools) => {
    body({ ...tools, operator: anyChunk(tried, tools) });
  }, tried.settings);
};

const anyChunk = <A, B>(tried: Tried<A, B>, { settings, state, rawChunk, cold }: MarbleTools) => {
  return (marble: string, error?: unknown) => {
    const letters = marble.match(/[a-z]/g) ?? [];
    const source = cold(marble, Object.fromEntries(letters.map((letter) => [letter, rawChunk({})])), error);
    return {
      source,
      result$: source.pipe(
        inPlace(tried)(settings, state),
        map(() => 'x'),
      ),
    };
  };
};

export const laziness = <A, B>(tried: Tried<A, B>): void => {
  drawn(tried, ({ operator, expectObservable, expectSubscriptions }) => {
    const { source } = operator('-a-|');
    expectSubscriptions(source.subscriptions).toBe([]);
    const subscribed = operator('-a-|');
    expectObservable(subscribed.result$).toBe('-x-|');
    expectSubscriptions(subscribed.source.subscriptions).toBe('^--!');
  });
};

export const silence = <A, B>(tried: Tried<A, B>): void => {
  drawn(tried, ({ operator, expectObservable }) => {
    expectObservable(operator('-').result$, '^-----!').toBe('-');
    expectObservable(operator('-a-').result$, '^-----!').toBe('-x-');
  });
};

export const completion = <A, B>(tried: Tried<A, B>): void => {
  drawn(tried, ({ operator, expectObservable }) => {
    expectObservable(operator('|').result$).toBe('|');
    expectObservable(operator('-a-b-|').result$).toBe('-x-x-|');
    expectObservable(operator('-(a|)').result$).toBe('-(x|)');
  });
};

export const errors = <A, B>(tried: Tried<A, B>): void => {
  const error = new Error('of the source');
  drawn(tried, ({ operator, expectObservable, expectSubscriptions }) => {
    expectObservable(operator('#', error).result$).toBe('#', undefined, error);
    const { source, result$ } = operator('-a-#', error);
    expectObservable(result$).toBe('-x-#', undefined, error);
    expectSubscriptions(source.subscriptions).toBe('^--!');
  });
};

export const unsubscription = <A, B>(tried: Tried<A, B>): void => {
  drawn(tried, ({ operator, expectObservable, expectSubscriptions }) => {
    const { source, result$ } = operator('-a-b-c-|');
    expectObservable(result$, '^---!').toBe('-x-x');
    expectSubscriptions(source.subscriptions).toBe('^---!');
    const taken = operator('-a-b-c-|');
    expectObservable(taken.result$.pipe(take(1))).toBe('-(x|)');
    expectSubscriptions(taken.source.subscriptions).toBe('^!');
  });
};
