/** `weir-stream/testing`: marble tests and the laws of streams, for Weir's own operators and for yours. */
export type { Chunk, Sourced } from '../../streams/model/chunk.js';
export {
  type Claim,
  all,
  cleared,
  closed,
  corrected,
  deadLetter,
  ended,
  found,
  late,
  nothing,
  raised,
  skipped,
} from './claims.js';
export { Builders, type TelemetryParts } from './builders.js';
export { type Law, type LawName, type LawOptions, type LawOptionsAfter, obeysStreamLaws, streamLaws } from './laws.js';
export { Log, logs } from './logs.js';
export { type ExpectedMarble, type MarbleTools, marbles, runMarbles } from './marbles.js';
export { anyTelemetry, ownPlace, rawRecords } from './places.js';
export { record, type RawParts } from './raw.js';
export { type Runner, useRunner } from './runner.js';
export { atOnce, type Course, type Operator, type Run, runLog, type Store, type Then } from './runs.js';
export { type SomeSettings, type TestSettings, testSettings } from './settings.js';
export { shown } from './shown.js';
