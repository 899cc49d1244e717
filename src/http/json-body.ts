import type { IncomingMessage } from 'node:http';
import { HttpFault } from './answer.js';

const mostBytes = 65_536;

/**
 * The JSON that a request carries. It must say that it is JSON: a page of another origin can then send none without asking first.
 * Errors: rejects with `HttpFault` 415 for another type, 413 beyond 64 KiB, 400 for what is no JSON.
 */
export const jsonBody = async (request: IncomingMessage): Promise<unknown> => {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new HttpFault(415, 'not_json', `send JSON with content-type: application/json, not ${type ?? 'nothing'}`);
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostBytes) throw new HttpFault(413, 'too_large', `more than ${mostBytes} bytes were sent`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
  } catch (cause) {
    throw new HttpFault(
      400,
      'bad_body',
      `the body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
};
