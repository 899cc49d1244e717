import { pipe } from 'rxjs';
import type { RawRecord } from '../../streams/model/raw-record.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { dedupe } from '../../streams/operators/dedupe.js';
import { eachRecord } from '../../streams/operators/each-record.js';
import { watermark } from '../../streams/operators/watermark.js';
import { parse } from '../../streams/stages/parse.js';
import { transform } from '../../streams/stages/transform.js';
import { validate } from '../../streams/stages/validate.js';
import type { Operator } from './runs.js';

/** What stands before an operator: nothing. It gets records as the source reads them. */
export const rawRecords: Operator<RawRecord, RawRecord> = () => (chunks$) => chunks$;

/** Telemetry in canonical units, as it comes: some of it late, some of it sent before. */
export const anyTelemetry: Operator<RawRecord, Telemetry> = (settings, state) =>
  pipe(
    eachRecord(parse(settings, state), 'parse'),
    eachRecord(validate(settings), 'validate'),
    eachRecord(transform(settings), 'transform'),
  );

/** What users' own operators get: telemetry in canonical units, neither late nor sent before. */
export const ownPlace: Operator<RawRecord, Telemetry> = (settings, state) =>
  pipe(anyTelemetry(settings, state), dedupe(settings.dedupe, state), watermark(settings, state));
