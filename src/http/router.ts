import type { IncomingMessage } from 'node:http';
import { HttpFault } from './answer.js';
import { jsonBody } from './json-body.js';

/** What a route answers: the JSON body of a 200. */
export type Handler = (request: {
  /** The path's variable parts, percent-decoded, in order. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  /** The JSON that was sent. Errors: rejects with `HttpFault` 400, 413 or 415. */
  readonly body: () => Promise<unknown>;
}) => Promise<unknown>;

/** By path pattern; `:name` stands for one variable part. */
export type Routes = Readonly<Record<string, Handler>>;

export interface RouteTable {
  /** Asked with GET or HEAD. */
  readonly reading: Routes;
  /** Asked with POST. */
  readonly doing: Routes;
}

/**
 * Finds what answers a request and calls it.
 * Errors: rejects with `HttpFault` 404 for a path no route has, 405 for another method than the path takes, 400 for a path that does not decode.
 */
export const routed = ({ reading, doing }: RouteTable): ((request: IncomingMessage) => Promise<unknown>) => {
  const [read, post] = [patternsOf(reading), patternsOf(doing)];

  return async (request) => {
    const { path, query } = target(request);
    const parts = path.split('/');
    const [toRead, toPost] = [found(read, parts), found(post, parts)];
    if (toRead === null && toPost === null) {
      const known = Object.keys({ ...reading, ...doing }).join(', ');
      throw new HttpFault(404, 'no_such_path', `nothing is at ${path}; known: ${known}`);
    }
    const route = request.method === 'POST' ? toPost : isReading(request) ? toRead : null;
    if (route === null) throw notAllowed(request, [toRead && 'GET, HEAD', toPost && 'POST'].filter(Boolean).join(', '));
    return route.handler({ ids: route.ids.map(decoded), query, body: () => jsonBody(request) });
  };
};

/** Errors: throws `HttpFault` 405 unless the request only reads. */
export const onlyReading = (request: IncomingMessage): void => {
  if (!isReading(request)) throw notAllowed(request, 'GET, HEAD');
};

const isReading = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const notAllowed = ({ method }: IncomingMessage, allow: string): HttpFault =>
  new HttpFault(
    405,
    'method_not_allowed',
    `${method ?? ''} is not allowed here: use ${allow.replace(', HEAD', ' or HEAD')}`,
    { allow },
  );

interface Pattern {
  readonly parts: readonly string[];
  readonly handler: Handler;
}

const patternsOf = (routes: Routes): readonly Pattern[] =>
  Object.entries(routes).map(([pattern, handler]) => ({ parts: pattern.split('/'), handler }));

const found = (
  patterns: readonly Pattern[],
  parts: readonly string[],
): { readonly ids: readonly string[]; readonly handler: Handler } | null => {
  for (const { parts: pattern, handler } of patterns) {
    const ids = matched(pattern, parts);
    if (ids !== null) return { ids, handler };
  }
  return null;
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
