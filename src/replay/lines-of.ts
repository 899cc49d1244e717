/** A line that is longer is no record: the service would not read it either. */
const longestBytes = 16 * 1_048_576;
const newline = 0x0a;

/** A file of recorded values that can't be read, and where: `file:line: …`. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';

  constructor(file: string, line: number | null, what: string) {
    super(line === null ? `${file}: ${what}` : `${file}:${line}: ${what}`);
  }
}

/** The lines of a file, as they are read: some at a time, without their ends. Bytes stay what they are. */
export async function* linesOf(source: AsyncIterable<Buffer>, file: string): AsyncGenerator<readonly Buffer[]> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let line = 1;
  for await (const bytes of source) {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      const own = bytes.subarray(from, end);
      lines.push(rest.length === 0 ? own : Buffer.concat([...rest, own]));
      if (rest.length > 0) [rest, restBytes] = [[], 0];
      from = end + 1;
    }
    line += lines.length;
    if (from < bytes.length) {
      rest.push(bytes.subarray(from));
      restBytes += bytes.length - from;
    }
    if (restBytes > longestBytes)
      throw new UnreadableInput(file, line, `this line has more than ${longestBytes} bytes`);
    yield lines;
  }
  if (restBytes > 0) yield [Buffer.concat(rest)];
}
