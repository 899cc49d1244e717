import { pipe } from 'rxjs';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { TestSettings } from './settings.js';
import type { Operator } from './runs.js';

/** What a law is tried on: an operator in its place. */
export interface Tried<A, B> {
  readonly operator: Operator<A, B>;
  readonly after: Operator<RawRecord, A>;
  readonly settings: TestSettings;
  readonly runs: number;
  readonly seed: number;
}

/** The operator together with what stands before it. */
export const inPlace =
  <A, B>({ after, operator }: Pick<Tried<A, B>, 'after' | 'operator'>): Operator<RawRecord, B> =>
  (settings, state) =>
    pipe(after(settings, state), operator(settings, state));
