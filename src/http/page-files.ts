import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv, { type Options } from 'sirv';
import { HttpFault, answerFault } from './answer.js';

/** Nothing from anywhere else, nothing inline; web sockets to this very host count as self. */
const headers: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

const vendorPath = '/vendor/uplot/';

/** Serves the page's own files at `/` and the chart library's at `/vendor/uplot/`. Both are listed once, at start. */
export const pageFiles = (): RequestListener => {
  const onNoMatch: RequestListener = (request, response) =>
    answerFault(response, new HttpFault(404, 'no_such_path', `nothing is at ${request.url ?? '/'}`));
  const setHeaders: NonNullable<Options['setHeaders']> = (response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  const own = sirv(pageFolder(), { etag: true, onNoMatch, setHeaders });
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/dist/uPlot.esm.js'));
  const vendor = sirv(uplot, { etag: true, onNoMatch, setHeaders });

  return (request, response) => {
    if (request.url?.startsWith(vendorPath) !== true) {
      own(request, response);
      return;
    }
    request.url = request.url.slice(vendorPath.length - 1);
    vendor(request, response);
  };
};

/** The page is not compiled: it lies in `src/page`, seen from the sources and from what they compile to. */
const pageFolder = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, '..', 'page');
  return existsSync(join(beside, 'index.html')) ? beside : join(here, '..', '..', '..', 'src', 'page');
};
