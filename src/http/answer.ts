import type { ServerResponse } from 'node:http';

/** A request that can't be answered as asked; `code` is stable, `message` is for people. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';

  constructor(
    readonly status: 400 | 404 | 405 | 409 | 413 | 415 | 500 | 503,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Sends a JSON value; for HEAD, Node leaves out the body by itself. */
export const answerJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(text);
};

/** `{error: {code, message}}` */
export const answerFault = (response: ServerResponse, { status, code, message, headers }: HttpFault): void =>
  answerJson(response, status, { error: { code, message } }, headers);
