import { describe, expect, test } from 'vitest';
import { noCare } from '../../../src/care/care.js';
import type { AlertDesk, Deed } from '../../../src/care/desk.js';
import { alertOf, fakeReader, listeningHttp } from '../http/fakes.js';
import { weir } from './run-weir.js';

const alert = alertOf('d-1');

/** A service that keeps one alert. */
const serving = async () => {
  const deeds: Deed[] = [];
  const desk: AlertDesk = {
    act: (id, deed) => {
      if (id !== alert.id) return Promise.resolve({ _tag: 'unknown' });
      deeds.push(deed);
      return Promise.resolve({ _tag: 'done', alert, care: { ...noCare, acknowledged: { by: deed.by, atMs: 1 } } });
    },
  };
  const { reader, held, asked } = fakeReader();
  held.alerts = [alert];
  const { door } = await listeningHttp({ desk, reader });
  return { deeds, asked, alerts: (...args: string[]) => weir('alerts', ...args, '--url', door.url) };
};

describe('weir alerts', () => {
  test('lists what a running service says, as a table or as JSON', async () => {
    const { alerts } = await serving();
    const table = await alerts('list', '--state', 'all');
    expect(table.code).toBe(0);
    expect(table.out).toContain(alert.id);
    expect(table.out).toMatch(/^SEVERITY +STATE/);
    const json = await alerts('list', '--state', 'all', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ alerts: [{ id: alert.id }] });
  });

  test('acknowledges, shelves and assigns', async () => {
    const { alerts, deeds } = await serving();
    expect(await alerts('ack', alert.id, '--by', 'ada', '--comment', 'seen')).toMatchObject({ code: 0 });
    expect((await alerts('shelve', alert.id, '--for', '2h', '--by', 'ada')).out).toContain('ack ada');
    await alerts('assign', alert.id, '--nobody', '--by', 'ada');
    expect(deeds.map(({ action, by, comment, to }) => [action, by, comment, to])).toEqual([
      ['acknowledge', 'ada', 'seen', null],
      ['shelve', 'ada', null, null],
      ['assign', 'ada', null, null],
    ]);
  });

  test.each([['shelve', alert.id], ['assign', alert.id], ['comment', alert.id], ['ack']])(
    'says what is missing: %s',
    async (...args) => {
      const { alerts, deeds } = await serving();
      const ran = await alerts(...args);
      expect(ran.usage).not.toBeNull();
      expect(ran.err).toMatch(/error: /);
      expect(deeds).toEqual([]);
    },
  );

  test('says what the service answered, and where it looked when nobody does', async () => {
    const { alerts } = await serving();
    expect(await alerts('ack', 'r@d@t-0-1')).toMatchObject({
      code: 1,
      err: 'weir: no alert "r@d@t-0-1" is kept\n',
    });
    const nobody = await weir('alerts', 'list', '--url', 'http://127.0.0.1:1');
    expect(nobody.code).toBe(1);
    expect(nobody.err).toContain('http://127.0.0.1:1 does not answer');
    expect(nobody.err).toContain('--url');
  });
});
