/** JSON texts by device id, as bytes that lie one behind the other: ten thousand of them are one buffer, and not ten thousand strings. */
export class DeviceTexts implements Iterable<readonly [id: string, text: string]> {
  constructor(
    readonly bytes: Buffer,
    readonly ids: readonly string[],
    /** Where the text of each ends in `bytes`. */
    readonly ends: readonly number[],
  ) {}

  static of(texts: Iterable<readonly [id: string, text: string]>): DeviceTexts {
    const ids: string[] = [];
    const parts: Buffer[] = [];
    const ends: number[] = [];
    for (const [id, text] of texts) {
      ids.push(id);
      parts.push(Buffer.from(text));
      ends.push((ends.at(-1) ?? 0) + (parts.at(-1)?.length ?? 0));
    }
    return new DeviceTexts(Buffer.concat(parts), ids, ends);
  }

  get length(): number {
    return this.ids.length;
  }

  *[Symbol.iterator](): Iterator<readonly [id: string, text: string]> {
    let start = 0;
    for (const [i, id] of this.ids.entries()) {
      const end = this.ends[i] ?? start;
      yield [id, this.bytes.toString('utf8', start, end)];
      start = end;
    }
  }
}
