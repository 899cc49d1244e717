import { describe, expect, it } from 'vitest';
import { noCare } from '../../../src/care/care.js';
import type { AlertDesk, Deed, Done } from '../../../src/care/desk.js';
import { toldDesk } from '../../../src/care/told-desk.js';
import { ServiceError } from '../../../src/service-error.js';
import { alertOf } from '../http/fakes.js';

const deed: Deed = { action: 'comment', by: 'ada', comment: 'looked at it', untilMs: null, to: null };
const { care: _care, ...alert } = alertOf('d-1');
const care = { ...noCare, version: 1 };

const telling = (act: AlertDesk['act']) => {
  const told: unknown[] = [];
  return { told, desk: toldDesk({ act }, (view) => void told.push(view)) };
};
const answering = (done: Done) => telling(() => Promise.resolve(done));

describe('a desk that tells', () => {
  it('tells the alert with its care, and answers as the desk does', async () => {
    const { told, desk } = answering({ _tag: 'done', alert, care });
    await expect(desk.act(alert.id, deed)).resolves.toEqual({ _tag: 'done', alert, care });
    expect(told).toEqual([{ ...alert, care }]);
  });

  it.each<Done>([{ _tag: 'unknown' }, { _tag: 'refused', message: 'it is not shelved' }])(
    'tells nothing where nothing was done: $_tag',
    async (done) => {
      const { told, desk } = answering(done);
      await expect(desk.act(alert.id, deed)).resolves.toEqual(done);
      expect(told).toEqual([]);
    },
  );

  it('tells nothing when the store is away', async () => {
    const { told, desk } = telling(() => Promise.reject(new ServiceError('redis_unreachable', 'gone')));
    await expect(desk.act(alert.id, deed)).rejects.toThrow('gone');
    expect(told).toEqual([]);
  });
});
