import { connect, from, lastValueFrom, merge, tap } from 'rxjs';
import type { Chunk } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import { Found } from './found.js';
import { replay } from './replay.js';

export interface TryOptions {
  /** So many windows, findings and alerts are held of each rules. */
  readonly most: number;
  /** Records read so far. */
  readonly onProgress: (records: number) => void;
}

/** Reads recorded chunks once, and decides on them by each of the rules. What each came to is given in the order of the rules. */
export const tryRules = async (
  chunks: AsyncIterable<Chunk<RawRecord>>,
  rules: readonly PipelineSettings[],
  { most, onProgress }: TryOptions,
): Promise<readonly Found[]> => {
  const sides = rules.map((settings) => ({ settings, found: new Found(most) }));
  let read = 0;
  const outcomes$ = from(chunks).pipe(
    tap(({ records }) => {
      read += records.length;
      onProgress(read);
    }),
    connect((chunks$) =>
      merge(
        ...sides.map(({ settings, found }) =>
          chunks$.pipe(
            replay(settings),
            tap((outcome) => found.add(outcome)),
          ),
        ),
      ),
    ),
  );
  await lastValueFrom(outcomes$, { defaultValue: null });
  return sides.map(({ found }) => found);
};
