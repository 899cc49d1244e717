/** What lies in the store of one partition, as parsed JSON. Nothing of it is trusted. */
export interface Found {
  readonly next: number | null;
  /** The partition's own state: `tally`, `logTime`. */
  readonly own: unknown;
  /** By device id: all that is remembered of it. */
  readonly devices: ReadonlyMap<string, unknown>;
  /** Closed windows by `rule device metric start`. A key that holds two is told as `rule device metric start #2`. Null: not looked at. */
  readonly windows: ReadonlyMap<string, unknown> | null;
  /** By alert id. */
  readonly alerts: ReadonlyMap<string, unknown>;
  /** What readers find devices and cleared alerts by. Null: not looked at. */
  readonly indexes: { readonly ids: readonly string[]; readonly cleared: Readonly<Record<string, number>> } | null;
}

/** The member of something that may be an object; undefined otherwise. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
