import type { IncomingMessage } from 'node:http';
import { HttpFault } from './answer.js';

/** What a route answers: the JSON body of a 200. */
export type Handler = (request: {
  /** The path's variable parts, percent-decoded, in order. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
}) => Promise<unknown>;

/** By path pattern; `:name` stands for one variable part. */
export type Routes = Readonly<Record<string, Handler>>;

/**
 * Finds what answers a request and calls it.
 * Errors: rejects with `HttpFault` 404 for a path no route has, 405 for anything but GET and HEAD, 400 for a path that does not decode.
 */
export const routed = (routes: Routes): ((request: IncomingMessage) => Promise<unknown>) => {
  const table = Object.entries(routes).map(([pattern, handler]) => ({ parts: pattern.split('/'), handler }));

  return async (request) => {
    const { path, query } = target(request);
    const parts = path.split('/');
    for (const route of table) {
      const ids = matched(route.parts, parts);
      if (ids === null) continue;
      onlyReading(request);
      return route.handler({ ids: ids.map(decoded), query });
    }
    const known = Object.keys(routes).join(', ');
    throw new HttpFault(404, 'no_such_path', `nothing is at ${path}; known: ${known}`);
  };
};

/** Errors: throws `HttpFault` 405 unless the request only reads. */
export const onlyReading = ({ method }: IncomingMessage): void => {
  if (method === 'GET' || method === 'HEAD') return;
  throw new HttpFault(405, 'method_not_allowed', `${method ?? ''} is not allowed here: use GET or HEAD`, {
    allow: 'GET, HEAD',
  });
};

/** Path and query, read without a base URL, which a request line does not have. */
export const target = ({ url = '/' }: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } => {
  const at = url.indexOf('?');
  return at < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
};

const matched = (pattern: readonly string[], parts: readonly string[]): readonly string[] | null => {
  if (pattern.length !== parts.length) return null;
  const fits = pattern.every((part, i) => (part.startsWith(':') ? parts[i] !== '' : part === parts[i]));
  return fits ? parts.filter((_, i) => pattern[i]?.startsWith(':')) : null;
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpFault(400, 'bad_path', `"${part}" is not percent-encoded UTF-8`);
  }
};
