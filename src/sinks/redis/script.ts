import { createHash } from 'node:crypto';
import { Command } from 'ioredis';
import { requestBytes } from './request-bytes.js';
import type { Client } from './client.js';

/** Keys and arguments of a script. */
export class ScriptCall {
  /** Everything of the request behind the script itself. */
  readonly #parts: readonly string[];
  readonly #firstKey: string;

  constructor(keys: readonly string[], args: readonly string[]) {
    this.#parts = [String(keys.length), ...keys].concat(args);
    this.#firstKey = keys[0] ?? '';
  }

  /** The command that carries it: `script` is the digest, or the text. */
  command(name: 'eval' | 'evalsha', script: string): Command {
    const bytes = requestBytes([name, script].concat(this.#parts));
    return new EncodedCommand(name, [script, '1', this.#firstKey], bytes);
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
