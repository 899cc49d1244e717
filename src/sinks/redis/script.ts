import { createHash } from 'node:crypto';
import { Command } from 'ioredis';
import type { Client } from './client.js';

/** Keys and arguments of a script, encoded once however often they are sent. */
export class ScriptCall {
  /** Everything of the request behind the script itself. */
  readonly #tail: Buffer;
  readonly #parts: number;
  readonly #firstKey: string;

  constructor(keys: readonly string[], args: readonly string[]) {
    const parts = [String(keys.length), ...keys].concat(args);
    this.#tail = bulkStrings(parts);
    this.#parts = parts.length;
    this.#firstKey = keys[0] ?? '';
  }

  /** The command that carries it: `script` is the digest, or the text. */
  command(name: 'eval' | 'evalsha', script: string): Command {
    const head = Buffer.concat([Buffer.from(`*${this.#parts + 2}\r\n`), bulkStrings([name, script])]);
    return new EncodedCommand(name, [script, '1', this.#firstKey], Buffer.concat([head, this.#tail]));
  }
}

/**
 * A command that is encoded already. A commit has tens of thousands of arguments: ioredis would join them one by one, for half as much
 * again per device, and more than twice as much where texts are not Latin. Its arguments here only tell a cluster which slot is meant.
 */
class EncodedCommand extends Command {
  constructor(
    name: string,
    args: string[],
    readonly encoded: Buffer,
  ) {
    super(name, args, { replyEncoding: 'utf8' });
  }

  override toWritable(_socket: object): Buffer {
    return this.encoded;
  }
}

const crlf = 0x0d_0a;
/** `$`, up to ten digits, two line ends. */
const mostFraming = 15;

const bulkStrings = (parts: readonly string[]): Buffer => {
  const lengths = new Uint32Array(parts.length);
  let size = 0;
  for (let i = 0; i < parts.length; i += 1) {
    const length = Buffer.byteLength(parts[i] ?? '');
    lengths[i] = length;
    size += length + mostFraming;
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (let i = 0; i < parts.length; i += 1) {
    at += bytes.write(`$${lengths[i] ?? 0}\r\n`, at, 'latin1');
    at += bytes.write(parts[i] ?? '', at, 'utf8');
    at = bytes.writeUInt16BE(crlf, at);
  }
  return bytes.subarray(0, at);
};

/** A Lua script, sent by its digest; the text follows only when the server does not know it, e.g. after a restart. */
export class Script {
  readonly #digest: string;

  constructor(readonly text: string) {
    this.#digest = createHash('sha1').update(text).digest('hex');
  }

  async run(client: Client, call: ScriptCall): Promise<unknown> {
    try {
      return await client.sendCommand(call.command('evalsha', this.#digest));
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.sendCommand(call.command('eval', this.text));
    }
  }
}
