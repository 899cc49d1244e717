/** A real thing that tests need, as it was had. */
export interface Part {
  readonly name: string;
  readonly version: string;
  readonly address: string;
  /** Where it is from: `from the environment (KAFKA_BROKERS)`. */
  readonly from: string;
  /** What tests read to find it. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** A part that can't be had; the message says what was tried and what to do next. */
export class NotToBeHad extends Error {
  constructor(part: string, tried: string, next: string) {
    super(`${part} can't be had: ${tried}. What to do: ${next}.`);
    this.name = 'NotToBeHad';
  }
}

/** For what somebody else started. */
export const notOurs = (): Promise<void> => Promise.resolve();

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
