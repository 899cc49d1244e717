import { createHash } from 'node:crypto';
import { Command } from 'ioredis';
import { RequestBytes } from './request-bytes.js';
import type { Client } from './client.js';

/** Keys and arguments of a script, encoded: a call that is made again is the same to the last byte. */
export class ScriptCall {
  /** Everything of the request behind the script itself. */
  readonly #request: RequestBytes;
  readonly #firstKey: string;

  /** `expected`: how many bytes keys and arguments will be about. */
  constructor(keys: readonly string[], writeArgs: (request: RequestBytes) => void, expected?: number) {
    const request = new RequestBytes(expected).text(String(keys.length));
    for (const key of keys) request.text(key);
    writeArgs(request);
    this.#request = request;
    this.#firstKey = keys[0] ?? '';
  }

  static of(keys: readonly string[], args: readonly string[]): ScriptCall {
    return new ScriptCall(keys, (request) => {
      for (const arg of args) request.text(arg);
    });
  }

  /** The command that carries it: `script` is the digest, or the text. */
  command(name: 'eval' | 'evalsha', script: string): Command {
    return new EncodedCommand(name, [script, '1', this.#firstKey], this.#request.behind(name, script));
  }
}

/**
 * A command that is encoded already. A commit has thousands of arguments, most of which are bytes already: ioredis would join them one by
 * one. Its arguments here only tell a cluster which slot is meant.
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
