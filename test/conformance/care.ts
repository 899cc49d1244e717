import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertDesk, type CareStore, type Deed } from '../../src/care/desk.js';
import type { StateStore } from '../../src/ports.js';
import { alertAt, checkpoint, clearedAt, kept, source } from './store-fixtures.js';

/** A store, and the care of two processes beside it. */
export interface OpenedCare {
  readonly store: StateStore;
  readonly care: CareStore;
  readonly other: CareStore;
  close(): Promise<void>;
}

const nowMs = 1_795_643_040_000;
const deed = (more: Partial<Deed> = {}): Deed => ({
  action: 'comment',
  by: 'ada',
  comment: 'looked at it',
  untilMs: null,
  to: null,
  ...more,
});

/** What every store of care must do. */
export const careConformance = (name: string, open: () => Promise<OpenedCare>): void => {
  describe(`${name} keeps what people do to alerts`, () => {
    let opened: OpenedCare;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());
    const desk = (care = opened.care) => alertDesk(care, () => nowMs);

    const raise = async (): Promise<{ readonly id: string; readonly clear: () => Promise<void> }> => {
      const acquired = await opened.store.acquire(source, null);
      const alert = alertAt(1);
      await opened.store.commit(checkpoint(acquired, 10, { alerts: [alert] }));
      const clear = async (): Promise<void> => {
        const then = { ...acquired, next: checkpoint(acquired, 10, {}).next };
        await opened.store.commit(checkpoint(then, 20, { alerts: [clearedAt(1, 12)] }));
      };
      return { id: alert.id, clear };
    };

    it('knows no care for an alert that is not there', async () => {
      await expect(desk().act('r@d@device-data-0-99', deed())).resolves.toEqual({ _tag: 'unknown' });
      await expect(desk().act('nonsense', deed())).resolves.toEqual({ _tag: 'unknown' });
    });

    it('keeps an acknowledgement, and says so to the next who tries', async () => {
      const { id } = await raise();
      const first = await desk().act(id, deed({ action: 'acknowledge' }));
      expect(first).toMatchObject({ _tag: 'done', care: { version: 1, acknowledged: { by: 'ada', atMs: nowMs } } });
      const second = await desk(opened.other).act(id, deed({ action: 'acknowledge', by: 'bo' }));
      expect(second).toMatchObject({ _tag: 'refused', message: expect.stringContaining('ada') as unknown });
    });

    it('shelves for a time to come only, and what has not cleared only', async () => {
      const { id, clear } = await raise();
      const past = await desk().act(id, deed({ action: 'shelve', untilMs: nowMs }));
      expect(past._tag).toBe('refused');
      const shelved = await desk().act(id, deed({ action: 'shelve', untilMs: nowMs + 1 }));
      expect(shelved).toMatchObject({ care: { shelved: { by: 'ada', untilMs: nowMs + 1 } } });
      await expect(desk().act(id, deed({ action: 'unshelve' }))).resolves.toMatchObject({ care: { shelved: null } });
      await clear();
      await expect(desk().act(id, deed({ action: 'shelve', untilMs: nowMs + 1 }))).resolves.toMatchObject({
        _tag: 'refused',
      });
    });

    it('loses nothing that two processes do at the same moment', async () => {
      const { id } = await raise();
      const all = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          desk(i % 2 === 0 ? opened.care : opened.other).act(id, deed({ comment: `${i}` })),
        ),
      );
      expect(all.every(({ _tag }) => _tag === 'done')).toBe(true);
      const last = await desk().act(id, deed({ action: 'assign', to: 'bo' }));
      const comments = last._tag === 'done' ? last.care.events.map(({ comment }) => comment) : [];
      expect(new Set(comments).size).toBe(9);
      expect(last).toMatchObject({ care: { version: 9, assignee: 'bo' } });
    });

    it('never undoes what the stream says, nor the other way round', async () => {
      const { id, clear } = await raise();
      const deeds = Array.from({ length: 10 }, (_, i) => desk().act(id, deed({ comment: `${i}` })));
      await Promise.all([...deeds, clear()]);
      const last = await desk().act(id, deed({ action: 'acknowledge' }));
      expect(last).toMatchObject({
        _tag: 'done',
        alert: { state: 'cleared', version: 2 },
        care: { version: 11, acknowledged: { by: 'ada' } },
      });
    });

    it('lets care go with alerts that are no longer kept', async () => {
      const { id, clear } = await raise();
      await desk().act(id, deed());
      await clear();
      let acquired = await opened.store.acquire(source, null);
      for (let i = 0; i < kept.keepAlerts; i += 1) {
        await opened.store.commit(checkpoint(acquired, 40 + 10 * i, { alerts: [clearedAt(30 + 10 * i, 35 + 10 * i)] }));
        acquired = await opened.store.acquire(source, null);
      }
      const left = alertAt(30);
      await expect(desk().act(left.id, deed())).resolves.toMatchObject({ _tag: 'done' });
      await expect(opened.care.read(id)).resolves.toEqual({ alert: null, care: null });
    });
  });
};
