import type { IncomingMessage, ServerResponse } from 'node:http';
import { showFault } from '../config/faults.js';
import { answerJson, HttpFault } from '../http/answer.js';
import type { Reloaded } from '../rules/active.js';
import type { Runs } from '../rules/runs.js';
import { ServiceError } from '../service-error.js';

/** What reloading needs. */
export interface Reload {
  readonly reload: (cause: 'request') => Promise<Reloaded>;
  readonly runs: Pick<Runs, 'list' | 'untilRun'>;
}

/** How long an answer waits for partitions to change over. */
const withinMs = 2_000;

/** Errors: throws `HttpFault` 405 unless the request is a POST. */
export const onlyPosting = ({ method }: IncomingMessage): void => {
  if (method !== 'POST')
    throw new HttpFault(405, 'method_not_allowed', `${method ?? ''} is not allowed here: use POST`, { allow: 'POST' });
};

/**
 * Puts the rules of the file in force, and answers once the partitions of this process that have traffic run them: 200 with what runs where, 422 with
 * every fault. Errors: rejects with `HttpFault` 503 when the store can't be asked.
 */
export const reloading =
  ({ reload, runs }: Reload) =>
  async (response: ServerResponse): Promise<void> => {
    const reloaded = await reload('request').catch((error: unknown) => {
      if (error instanceof ServiceError) throw new HttpFault(503, error.code, error.message, { 'retry-after': '1' });
      throw error;
    });
    if (reloaded._tag === 'refused') {
      const faults = reloaded.faults.map(showFault);
      const message = `the rules have ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}; those in force go on`;
      answerJson(response, 422, { error: { code: 'rules_invalid', message, faults } });
      return;
    }
    const { active, isChanged, warnings } = reloaded;
    const { version, sequence } = active;
    await runs.untilRun(sequence, withinMs);
    answerJson(response, 200, {
      version,
      sequence,
      changed: isChanged,
      warnings: warnings.map(showFault),
      partitions: runs.list().map(({ source, span }) => ({
        ...source,
        sequence: span?.sequence ?? null,
        since: span?.since ?? null,
        isChanged: span !== null && span.sequence >= sequence,
      })),
    });
  };
