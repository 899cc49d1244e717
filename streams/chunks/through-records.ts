import type { Chunk, Sourced } from '../model/chunk.js';
import { RuleError } from '../rules/rule-error.js';
import { Draft } from './draft.js';

/**
 * Takes a chunk's records one by one, in order. A record on which `step` throws becomes a dead letter `faulted`, what the step had added to
 * the draft is taken back, and the next one is taken; `atEnd` comes after the last. Whoever changes state in `step` works out everything first and assigns last, so that a throw leaves nothing half done.
 */
export const throughRecords = <A, B>(
  name: string,
  chunk: Chunk<A>,
  step: (record: Sourced<A>, draft: Draft<B>) => void,
  atEnd: (draft: Draft<B>) => void = () => undefined,
): Chunk<B> => {
  const draft = new Draft<B>(chunk);
  const { records } = chunk;
  for (let i = 0; i < records.length; i += 1) {
    const record = records[i];
    if (record === undefined) continue;
    draft.confirm();
    try {
      step(record, draft);
    } catch (error) {
      const message = `${name} threw: ${error instanceof Error ? error.message : String(error)}`;
      draft.fault(record.origin, name, message, error instanceof RuleError ? error.rule : null);
    }
  }
  draft.confirm();
  atEnd(draft);
  return draft.finish();
};
