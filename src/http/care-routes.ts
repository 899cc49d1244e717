import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { AlertDesk, Deed } from '../care/desk.js';
import { parseDuration } from '../config/quantity.js';
import { HttpFault } from './answer.js';
import type { Handler, Routes } from './router.js';

const textOf = (name: string, longest: number) =>
  new t.Type<string, string, unknown>(
    name,
    t.string.is,
    (input, context) =>
      typeof input === 'string' && input.trim() !== '' && input.length <= longest
        ? t.success(input)
        : t.failure(input, context),
    String,
  );

const who = textOf('a name of 1 to 128 characters', 128);
const words = textOf('a text of 1 to 2000 characters', 2_000);
const duration = new t.Type<number, string, unknown>(
  'a duration such as "2h" or "30m"',
  t.number.is,
  (input, context) => {
    const ms = typeof input === 'string' ? parseDuration(input) : null;
    return ms !== null && ms > 0 ? t.success(ms) : t.failure(input, context);
  },
  String,
);

/** Everybody says who they are; a comment may come with anything. */
const said = t.type({ by: who });
const perhaps = t.partial({ comment: words });
const plain = t.intersection([said, perhaps]);
const bodies = {
  shelve: t.intersection([said, t.type({ for: duration }), perhaps]),
  assign: t.intersection([said, t.type({ to: t.union([who, t.null], 'a name, or null for nobody') }), perhaps]),
  comment: t.intersection([said, t.type({ comment: words })]),
};

/** What people do to alerts: `POST /api/v1/alerts/{id}/acknowledge`, and so on. */
export const careRoutes = (desk: AlertDesk, nowMs: () => number): Routes => {
  const route =
    <B extends { readonly by: string; readonly comment?: string }>(
      codec: t.Type<B, unknown>,
      deedOf: (body: B) => Pick<Deed, 'action'> & Partial<Deed>,
    ): Handler =>
    async ({ ids: [id = ''], body }) => {
      const sent = decoded(codec, await body());
      const deed: Deed = { by: sent.by, comment: sent.comment ?? null, untilMs: null, to: null, ...deedOf(sent) };
      const done = await desk.act(id, deed);
      if (done._tag === 'unknown') throw new HttpFault(404, 'no_such_alert', `no alert "${id}" is kept`);
      if (done._tag === 'refused') throw new HttpFault(409, 'not_applicable', `${id}: ${done.message}`);
      return { ...done.alert, care: done.care };
    };
  const at = (action: Deed['action']): string => `/api/v1/alerts/:id/${action}`;
  return {
    [at('acknowledge')]: route(plain, () => ({ action: 'acknowledge' })),
    [at('shelve')]: route(bodies.shelve, (sent) => ({ action: 'shelve', untilMs: nowMs() + sent.for })),
    [at('unshelve')]: route(plain, () => ({ action: 'unshelve' })),
    [at('assign')]: route(bodies.assign, ({ to }) => ({ action: 'assign', to })),
    [at('comment')]: route(bodies.comment, () => ({ action: 'comment' })),
  };
};

const decoded = <A>(codec: t.Type<A, unknown>, body: unknown): A => {
  const result = codec.decode(body);
  if (isLeft(result)) {
    const faults = result.left.map(({ context, value }) => {
      const member = [...context].reverse().find(({ key }) => Number.isNaN(Number(key)) && key !== '')?.key;
      const wanted = context.at(-1)?.type.name ?? 'something else';
      return `${member === undefined ? 'the body' : `"${member}"`} must be ${wanted}, not ${value === undefined ? 'absent' : JSON.stringify(value)}`;
    });
    throw new HttpFault(400, 'bad_body', [...new Set(faults)].join('; '));
  }
  return result.right;
};
