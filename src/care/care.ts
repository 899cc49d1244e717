import * as t from 'io-ts';

const orNull = <C extends t.Mixed>(codec: C) => t.union([codec, t.null]);

/** One thing that somebody did to an alert. Times by the clock of the process that was asked, epoch ms. */
export const CareEvent = t.type({
  action: t.keyof({ acknowledge: null, shelve: null, unshelve: null, assign: null, comment: null }),
  by: t.string,
  atMs: t.number,
  /** The comment that came with it; null when none did. */
  comment: orNull(t.string),
  /** Of `shelve`: until when. */
  untilMs: orNull(t.number),
  /** Of `assign`: to whom; null takes the assignment back. */
  to: orNull(t.string),
});
export type CareEvent = t.TypeOf<typeof CareEvent>;

/**
 * What people did to an alert, beside what the stream says of it: acknowledged, shelved and assigned (ISA-18.2; OPC UA Part 9 calls the first two
 * AckedState and ShelvingState).
 */
export const Care = t.type({
  /** Counts events, also those no longer kept. */
  version: t.number,
  acknowledged: orNull(t.type({ by: t.string, atMs: t.number })),
  /** Over at `untilMs` by itself. */
  shelved: orNull(t.type({ by: t.string, atMs: t.number, untilMs: t.number })),
  assignee: orNull(t.string),
  /** The newest last, at most 50. */
  events: t.array(CareEvent),
});
export type Care = t.TypeOf<typeof Care>;

export const noCare: Care = { version: 0, acknowledged: null, shelved: null, assignee: null, events: [] };

const keptEvents = 50;

/** The care after one more event. */
export const cared = (care: Care, event: CareEvent): Care => {
  const { by, atMs, untilMs, to } = event;
  const next = {
    ...care,
    version: care.version + 1,
    events: [...care.events, event].slice(-keptEvents),
  };
  switch (event.action) {
    case 'acknowledge':
      return { ...next, acknowledged: care.acknowledged ?? { by, atMs } };
    case 'shelve':
      return { ...next, shelved: { by, atMs, untilMs: untilMs ?? atMs } };
    case 'unshelve':
      return { ...next, shelved: null };
    case 'assign':
      return { ...next, assignee: to };
    case 'comment':
      return next;
  }
};
