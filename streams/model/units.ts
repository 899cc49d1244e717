/** Branded numbers: an offset never mixes with a plain count. */
declare const brand: unique symbol;

/** Position in a Kafka partition. Below 2^53 by construction, so a plain double holds it exactly. */
export type Offset = number & { readonly [brand]: 'Offset' };

/** Brands a number read from the log. Errors: throws `RangeError` outside 0 … 2^53 − 1; an offset like that is a bug in a door. */
export const asOffset = (value: number): Offset => {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not an offset: ${value}`);
  return value as Offset;
};

/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}
