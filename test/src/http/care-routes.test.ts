import { describe, expect, test } from 'vitest';
import { type Deed, type AlertDesk } from '../../../src/care/desk.js';
import { noCare } from '../../../src/care/care.js';
import { alertOf, listeningHttp } from './fakes.js';

const alert = alertOf('d-1');

/** A desk that does whatever it is asked for its one alert, and keeps what that was. */
const serving = async () => {
  const deeds: Deed[] = [];
  const desk: AlertDesk = {
    act: (id, deed) => {
      if (id !== alert.id) return Promise.resolve({ _tag: 'unknown' });
      if (deed.action === 'unshelve') return Promise.resolve({ _tag: 'refused', message: 'it is not shelved' });
      deeds.push(deed);
      return Promise.resolve({ _tag: 'done', alert, care: { ...noCare, version: deeds.length } });
    },
  };
  const { door } = await listeningHttp({ desk });
  const post = async (action: string, body: unknown, id = alert.id, type = 'application/json') => {
    const path = `/api/v1/alerts/${encodeURIComponent(id)}/${action}`;
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${door.url}${path}`, {
      method: 'POST',
      body: sent,
      headers: { 'content-type': type },
    });
    return { status: response.status, body: await response.json(), allow: response.headers.get('allow') };
  };
  return { post, deeds, door };
};

describe('POST /api/v1/alerts/{id}/…', () => {
  test('acknowledges, and answers with the alert and the care for it', async () => {
    const { post, deeds } = await serving();
    const answer = await post('acknowledge', { by: 'ada', comment: 'on my way' });
    expect(answer).toMatchObject({ status: 200, body: { id: alert.id, care: { version: 1 } } });
    expect(deeds).toEqual([{ action: 'acknowledge', by: 'ada', comment: 'on my way', untilMs: null, to: null }]);
  });

  test('shelves for a duration from now', async () => {
    const { post, deeds } = await serving();
    const beforeMs = Date.now();
    await post('shelve', { by: 'ada', for: '2h' });
    const untilMs = deeds[0]?.untilMs ?? 0;
    expect(untilMs - beforeMs - 7_200_000).toBeGreaterThanOrEqual(0);
    expect(untilMs - beforeMs - 7_200_000).toBeLessThan(10_000);
  });

  test('assigns, also to nobody, and comments', async () => {
    const { post, deeds } = await serving();
    await post('assign', { by: 'ada', to: 'bo' });
    await post('assign', { by: 'ada', to: null });
    await post('comment', { by: 'ada', comment: 'valve sticks' });
    expect(deeds.map(({ action, to, comment }) => [action, to, comment])).toEqual([
      ['assign', 'bo', null],
      ['assign', null, null],
      ['comment', null, 'valve sticks'],
    ]);
  });

  test.each([
    ['nobody', 'acknowledge', {}, '"by" must be a name of 1 to 128 characters, not absent'],
    ['a blank name', 'acknowledge', { by: ' ' }, '"by" must be a name'],
    ['no duration', 'shelve', { by: 'ada', for: '2' }, '"for" must be a duration such as "2h" or "30m", not "2"'],
    ['no comment', 'comment', { by: 'ada' }, '"comment" must be a text'],
    ['no JSON', 'acknowledge', '{', 'the body is not JSON'],
    ['a list', 'acknowledge', [], 'must be'],
  ])('refuses %s and does nothing', async (_what, action, body, message) => {
    const { post, deeds } = await serving();
    const answer = await post(action, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad_body' } } });
    expect(JSON.stringify(answer.body)).toContain(JSON.stringify(message).slice(1, -1));
    expect(deeds).toEqual([]);
  });

  test('says that an alert is not kept, or that something makes no sense for it', async () => {
    const { post } = await serving();
    expect(await post('acknowledge', { by: 'ada' }, 'r@d@t-0-1')).toMatchObject({
      status: 404,
      body: { error: { code: 'no_such_alert' } },
    });
    expect(await post('unshelve', { by: 'ada' })).toMatchObject({
      status: 409,
      body: { error: { code: 'not_applicable', message: expect.stringContaining('not shelved') as unknown } },
    });
  });

  test('takes JSON that says so only, and not without bound', async () => {
    const { post, deeds } = await serving();
    expect(await post('acknowledge', { by: 'ada' }, alert.id, 'text/plain')).toMatchObject({ status: 415 });
    expect(await post('comment', { by: 'ada', comment: 'x'.repeat(70_000) })).toMatchObject({ status: 413 });
    expect(deeds).toEqual([]);
  });

  test('is not there to be read', async () => {
    const { door } = await serving();
    const response = await fetch(`${door.url}/api/v1/alerts/${encodeURIComponent(alert.id)}/acknowledge`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });
});
