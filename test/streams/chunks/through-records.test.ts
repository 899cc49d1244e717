import { describe, expect, it } from 'vitest';
import { record } from '../../../marbles/kit/index.js';
import type { Draft } from '../../../streams/chunks/draft.js';
import { throughRecords } from '../../../streams/chunks/through-records.js';
import type { Alert } from '../../../streams/model/alert.js';
import { type Chunk, chunkOf } from '../../../streams/model/chunk.js';
import { Device } from '../../../streams/model/device.js';
import type { RawRecord } from '../../../streams/model/raw-record.js';
import { asOffset } from '../../../streams/model/units.js';
import type { ToldWindow } from '../../../streams/model/window.js';

const source = { topic: 'device-data', partition: 0 };
const chunk = (count = 3): Chunk<RawRecord> =>
  chunkOf(
    source,
    Array.from({ length: count }, (_, offset) => record({ offset })),
    asOffset(count),
  );
const offsets = (of: readonly { readonly origin: RawRecord }[]) => of.map(({ origin }) => origin.offset);
const duplicate = { _tag: 'duplicate', messageId: 'm' } as const;
const late = { _tag: 'late', lateByMs: 1, message: '' } as const;

describe('throughRecords', () => {
  it('takes the records in order and leaves the chunk itself as it was', () => {
    const given = chunk();
    const before = structuredClone(offsets(given.records));
    const came = throughRecords<RawRecord, RawRecord>('step', given, (one, draft) => {
      if (one.origin.offset === 1) draft.turnAway(one.origin, late);
      else draft.keep(one);
    });
    expect(offsets(came.records)).toEqual([0, 2]);
    expect(offsets(came.rejected)).toEqual([1]);
    expect([offsets(given.records), given.rejected]).toEqual([before, []]);
    expect([came.source, came.read, came.next]).toEqual([source, 3, 3]);
  });

  it('shares the lists to which nothing was added', () => {
    const given = chunk();
    const came = throughRecords<RawRecord, RawRecord>('step', given, (one, draft) => {
      draft.keep(one);
    });
    for (const track of ['rejected', 'skipped', 'advances', 'windows', 'alerts'] as const)
      expect(came[track]).toBe(given[track]);
  });

  it('tells skips from faults', () => {
    const came = throughRecords<RawRecord, RawRecord>('step', chunk(2), (one, draft) => {
      draft.turnAway(one.origin, one.origin.offset === 0 ? duplicate : late);
    });
    expect([offsets(came.skipped), offsets(came.rejected)]).toEqual([[0], [1]]);
  });

  it('makes a dead letter of the record on which the step throws, and goes on', () => {
    const came = throughRecords<RawRecord, RawRecord>('step', chunk(), (one, draft) => {
      if (one.origin.offset === 1) throw new Error('no ones');
      draft.keep(one);
    });
    expect(offsets(came.records)).toEqual([0, 2]);
    expect(came.rejected.map(({ rejection }) => rejection)).toEqual([
      { _tag: 'faulted', stage: 'step', message: 'step threw: no ones' },
    ]);
  });

  it.each(['kept', 'turned away', 'skipped'])(
    'lets no record leave twice: one that was %s before the step threw',
    (what) => {
      const came = throughRecords<RawRecord, RawRecord>('step', chunk(), (one, draft) => {
        if (what === 'kept' || one.origin.offset !== 1) draft.keep(one);
        else draft.turnAway(one.origin, what === 'skipped' ? duplicate : late);
        if (one.origin.offset === 1) throw new Error('too late');
      });
      expect(offsets(came.records)).toEqual([0, 2]);
      expect(came.rejected.map(({ origin, rejection }) => [origin.offset, rejection._tag])).toEqual([[1, 'faulted']]);
      expect(came.skipped).toEqual([]);
    },
  );

  it('takes back what a step had added before it threw, and only that', () => {
    const addTo = (draft: Draft<RawRecord>, offset: number): void => {
      draft.addWindow({ startMs: offset } as ToldWindow);
      draft.addAlert({ raisedOffset: offset } as Alert);
      draft.addAdvance({ watermarkMs: offset, before: asOffset(offset), device: new Device('d') });
    };
    const given = { ...chunk(4), windows: [{ startMs: -1 } as ToldWindow] };
    const came = throughRecords<RawRecord, RawRecord>(
      'step',
      given,
      (one, draft) => {
        const { offset } = one.origin;
        draft.keep(one);
        if (offset === 2) return;
        addTo(draft, offset);
        addTo(draft, offset);
        if (offset === 1 || offset === 3) throw new Error('odd');
      },
      (draft) => {
        addTo(draft, 4);
      },
    );
    expect(offsets(came.records)).toEqual([0, 2]);
    expect(came.windows.map(({ startMs }) => startMs)).toEqual([-1, 0, 0, 4]);
    expect(came.alerts.map(({ raisedOffset }) => raisedOffset)).toEqual([0, 0, 4]);
    expect(came.advances.map(({ watermarkMs }) => watermarkMs)).toEqual([0, 0, 4]);
    expect(given.windows).toHaveLength(1);
  });

  it('does its last step after the last record, and for an empty chunk too', () => {
    const seen: (number | string)[] = [];
    const go = (count: number) =>
      throughRecords<RawRecord, RawRecord>(
        'step',
        chunk(count),
        (one) => seen.push(one.origin.offset),
        () => seen.push('end'),
      );
    go(2);
    go(0);
    expect(seen).toEqual([0, 1, 'end', 'end']);
  });
});
