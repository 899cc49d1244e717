import { connect } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

const headBytes = 4;
/** What claims to be longer is no answer of a broker. */
const mostBytes = 1 << 30;

/** Puts answers together by receiving each into its own place: it begins with its length, which is part of it. */
export class Frames {
  readonly #head = Buffer.alloc(headBytes);
  #frame: Buffer = this.#head;
  #filled = 0;

  /** Where the next bytes belong; never empty. */
  get room(): Buffer {
    return this.#frame.subarray(this.#filled);
  }

  /**
   * That many bytes of the room were filled. Returns the answer they complete, if they do.
   * Errors: throws when the length can't be true.
   */
  received(count: number): Buffer | null {
    this.#filled += count;
    if (this.#filled < this.#frame.length) return null;
    if (this.#frame === this.#head) {
      this.#frame = this.#opened();
      if (this.#filled < this.#frame.length) return null;
    }
    const frame = this.#frame;
    this.#frame = this.#head;
    this.#filled = 0;
    return frame;
  }

  #opened(): Buffer {
    const length = this.#head.readInt32BE(0);
    if (length < 0 || length > mostBytes) throw new Error(`an answer can't be ${length} bytes long: that is no broker`);
    const frame = Buffer.allocUnsafe(headBytes + length);
    this.#head.copy(frame);
    return frame;
  }
}

const keepAliveMs = 60_000;

/**
 * A plain connection that emits whole answers as `data`. The stock one emits what the system hands over, 64 KB at a time in a buffer of
 * its own each, and all of that is copied into one once more.
 */
export const framedSocket: ISocketFactory = ({ host, port, onConnect }) => {
  const frames = new Frames();
  const completed = (count: number): Buffer | null => {
    try {
      return frames.received(count);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
      return null;
    }
  };
  const callback = (count: number): boolean => {
    const frame = completed(count);
    if (frame !== null) socket.emit('data', frame);
    return true;
  };
  const socket = connect({ host, port, onread: { buffer: () => frames.room, callback } }, onConnect);
  return socket.setKeepAlive(true, keepAliveMs);
};
