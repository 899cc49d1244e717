import type { Chunk, Sourced } from '../model/chunk.js';
import { Draft } from './draft.js';

/**
 * Takes a chunk's records one by one, in order. A record on which `step` throws becomes a dead letter `faulted`, and the next one
 * is taken; `atEnd` comes after the last. Whoever changes state in `step` works out everything first and assigns last, so that a throw leaves nothing half done.
 */
export const throughRecords = <A, B>(
  name: string,
  chunk: Chunk<A>,
  step: (record: Sourced<A>, draft: Draft<B>) => void,
  atEnd: (draft: Draft<B>) => void = () => undefined,
): Chunk<B> => {
  const draft = new Draft<B>(chunk);
  for (const record of chunk.records) {
    try {
      step(record, draft);
    } catch (error) {
      const message = `${name} threw: ${error instanceof Error ? error.message : String(error)}`;
      draft.fault(record.origin, name, message);
    }
  }
  atEnd(draft);
  return draft.finish();
};
