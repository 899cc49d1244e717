/** One `expectObservable` or `expectSubscriptions`, and where the test says what is expected; null as long as it does not. */
interface Expectation {
  said: Error | null;
}

/**
 * The expectations of one test. rxjs compares them in the order they were made, at the end of the test, from where a failure would point
 * into rxjs: here it is led back to the line of the test.
 */
export class Expectations {
  #open: Expectation[] = [];

  /** Notes that one was made. What says what is expected is wrapped by what comes back, and then notes from where it was called. */
  made(): <Args extends readonly unknown[]>(say: (...args: Args) => void) => (...args: Args) => void {
    const expectation: Expectation = { said: null };
    this.#open.push(expectation);
    return <Args extends readonly unknown[]>(say: (...args: Args) => void) => {
      const noted = (...args: Args): void => {
        expectation.said = new Error();
        Error.captureStackTrace(expectation.said, noted);
        say(...args);
      };
      return noted;
    };
  }

  /** Compares the next one. Errors: throws what `compare` throws, from the line of the test. */
  next(compare: () => void): void {
    const at = this.#open.findIndex(({ said }) => said !== null);
    const [expectation] = at < 0 ? [] : this.#open.splice(at, 1);
    try {
      compare();
    } catch (error) {
      const frames = expectation?.said?.stack?.split('\n').slice(1).join('\n');
      if (error instanceof Error && frames !== undefined) error.stack = `${error.name}: ${error.message}\n${frames}`;
      throw error;
    }
  }

  /** Errors: throws when an expectation was made and nothing said of it; it would pass whatever came. */
  end(): void {
    if (this.#open.length === 0) return;
    throw new Error(
      'expectObservable or expectSubscriptions was called without toBe or toEqual: it would pass whatever came',
    );
  }
}
