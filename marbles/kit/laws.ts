import type { RawRecord } from '../../streams/model/raw-record.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { anyCut, crash, everyRecord, logAlone, oneForOne, throwing } from './laws-of-logs.js';
import { completion, errors, laziness, silence, unsubscription } from './laws-of-streams.js';
import { ownPlace } from './places.js';
import { group, test } from './runner.js';
import type { Operator } from './runs.js';
import { type SomeSettings, testSettings } from './settings.js';
import type { Tried } from './tried.js';

export interface LawOptions {
  /** What differs from `testSettings()`. Logs are drawn to fit: their times from the window, their readings from metrics and rules. */
  readonly settings?: SomeSettings;
  /** How many logs each law is tried on: 100. */
  readonly runs?: number;
  /** Where drawing begins: 1. With the same seed a test fails always or never. */
  readonly seed?: number;
}

/** For an operator that does not stand in the place of users' own. */
export interface LawOptionsAfter<A> extends LawOptions {
  /** What stands before the operator, from raw records on. */
  readonly after: Operator<RawRecord, A>;
}

/** One law: what it says, and its test, which throws when the operator breaks it. */
export interface Law {
  readonly name: LawName;
  readonly check: () => void;
}

export type LawName = keyof typeof laws;

const laws = {
  'subscribes when it is subscribed, and once': laziness,
  'is silent while its source is': silence,
  'completes with its source': completion,
  'passes on an error of its source': errors,
  'hands unsubscription on to its source': unsubscription,
  'answers each chunk with one chunk, at once': oneForOne,
  'accounts for every record exactly once': everyRecord,
  'makes a dead letter of a record on which it throws, and goes on': throwing,
  'decides by the log alone': logAlone,
  'gives the same however the log is cut into chunks': anyCut,
  'goes on after a crash anywhere as if it had never stopped': crash,
} satisfies Record<string, (tried: Tried<never, unknown>) => void>;

/**
 * Registers the tests that every operator passes: what it does with silence, completion, errors and unsubscription; that it answers
 * each chunk with one chunk at once and accounts for every record; that it decides by the log alone, however that is cut into chunks;
 * that after a crash anywhere it goes on as if it had never stopped.
 *
 *     describe('myOwn', () => {
 *       obeysStreamLaws(myOwn);
 *     });
 *
 * The operator is `(settings, state) => OperatorFunction`, as `own` in the pipeline, and gets what that gets: telemetry in canonical
 * units, neither late nor sent before. A stage is lifted first: `obeysStreamLaws(() => eachRecord(stage))`. Another place in the
 * pipeline is said with `after`, for example `{ after: rawRecords }`. Logs are drawn by fast-check; what breaks a law is shrunk to
 * the shortest log that does.
 */
export function obeysStreamLaws<B>(operator: Operator<Telemetry, B>, options?: LawOptions): void;
export function obeysStreamLaws<A, B>(operator: Operator<A, B>, options: LawOptionsAfter<A>): void;
export function obeysStreamLaws<B>(operator: Operator<Telemetry, B>, options: LawOptions = {}): void {
  group('obeys the laws of streams:', () => {
    for (const { name, check } of streamLaws(operator, options)) test(name, check);
  });
}

/** The same laws as values, for whoever wants to try them one by one. */
export function streamLaws<B>(operator: Operator<Telemetry, B>, options?: LawOptions): readonly Law[];
export function streamLaws<A, B>(operator: Operator<A, B>, options: LawOptionsAfter<A>): readonly Law[];
export function streamLaws<B>(
  operator: Operator<Telemetry, B>,
  options: LawOptions & { readonly after?: Operator<RawRecord, Telemetry> } = {},
): readonly Law[] {
  const { settings, runs = 100, seed = 1, after = ownPlace } = options;
  const tried: Tried<Telemetry, B> = { operator, after, settings: testSettings(settings), runs, seed };
  return (Object.keys(laws) as LawName[]).map((name) => ({ name, check: () => laws[name](tried) }));
}
