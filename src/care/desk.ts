import { isLeft } from 'fp-ts/lib/Either.js';
import type { Alert } from '../../streams/model/alert.js';
import { decodeAlert } from '../results/stored-texts.js';
import { ServiceError } from '../service-error.js';
import { Care, cared, type CareEvent, noCare } from './care.js';

/**
 * Where care lies: beside the alerts and never in them, so that people and stream write to different places and neither can undo what the other
 * did. One conformance suite, `test/conformance/care.ts`.
 */
export interface CareStore {
  /** The texts of an alert and of the care for it; null for what is not there. */
  read(id: string): Promise<{ readonly alert: string | null; readonly care: string | null }>;
  /**
   * Writes the care for an alert if it is still `expected` (null: none) and the alert is there. Care for alerts that are no longer kept goes
   * on the way.
   */
  write(id: string, expected: string | null, care: string): Promise<'written' | 'changed' | 'unknown'>;
  close(): Promise<void>;
}

/** What somebody asks for. */
export type Deed = Omit<CareEvent, 'atMs'>;

export type Done =
  | { readonly _tag: 'done'; readonly alert: Alert; readonly care: Care }
  | { readonly _tag: 'unknown' }
  /** It makes no sense for this alert; `message` says why. */
  | { readonly _tag: 'refused'; readonly message: string };

/** Takes what people do to alerts. */
export interface AlertDesk {
  /** Errors: rejects with `ServiceError` when the store is away. */
  act(id: string, deed: Deed): Promise<Done>;
}

/** Others write at the same moment: so often it is tried. */
const tries = 20;

export const alertDesk = (store: CareStore, nowMs: () => number): AlertDesk => ({
  act: async (id, deed) => {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const { alert: alertText, care: careText } = await store.read(id);
      if (alertText === null) return { _tag: 'unknown' };
      const alert = decodeAlert(alertText);
      const care = decodeCare(careText);
      const event = { ...deed, atMs: nowMs() };
      const message = objection(alert, care, event);
      if (message !== null) return { _tag: 'refused', message };
      const next = cared(care, event);
      const written = await store.write(id, careText, JSON.stringify(next));
      if (written === 'written') return { _tag: 'done', alert, care: next };
      if (written === 'unknown') return { _tag: 'unknown' };
    }
    throw new ServiceError('internal', `${id}: others changed it ${tries} times in a row; try again`);
  },
});

export const decodeCare = (text: string | null): Care => {
  if (text === null) return noCare;
  const decoded = Care.decode(parsed(text));
  if (isLeft(decoded)) {
    throw new ServiceError('state_corrupt', 'the care for an alert can not be read; docs/redis.md tells where it lies');
  }
  return decoded.right;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Why an event makes no sense; null when it does. */
const objection = (alert: Alert, care: Care, event: CareEvent): string | null => {
  switch (event.action) {
    case 'acknowledge':
      return care.acknowledged === null
        ? null
        : `it is acknowledged already, by ${care.acknowledged.by}; add a comment instead`;
    case 'shelve':
      if (alert.state === 'cleared') return 'it has cleared: there is nothing to shelve';
      return event.untilMs !== null && event.untilMs > event.atMs ? null : 'the time until which to shelve is over';
    case 'unshelve':
      return care.shelved === null ? 'it is not shelved' : null;
    case 'assign':
    case 'comment':
      return null;
  }
};

/** The partition in whose results an alert lies, from its id; null when it is no alert's id. */
export const sourceOfAlert = (id: string): { readonly topic: string; readonly partition: number } | null => {
  const found = /@([A-Za-z0-9._-]{1,249})-(\d{1,10})-(\d{1,16})$/.exec(id);
  if (found === null) return null;
  const [, topic = '', partition = ''] = found;
  return { topic, partition: Number(partition) };
};
