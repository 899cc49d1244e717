import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Chunk, Outcome } from './model/chunk.js';
import type { RawRecord } from './model/raw-record.js';
import type { PipelineSettings } from './rules/settings.js';
import type { Telemetry } from './model/telemetry.js';
import { alert } from './operators/alert.js';
import { dedupe } from './operators/dedupe.js';
import { derive } from './operators/derive.js';
import { detect } from './operators/detect.js';
import { eachRecord } from './operators/each-record.js';
import { latest } from './operators/latest.js';
import { tally } from './operators/tally.js';
import { watermark } from './operators/watermark.js';
import { window } from './operators/window.js';
import { check } from './stages/check.js';
import { parse } from './stages/parse.js';
import { transform } from './stages/transform.js';
import { validate } from './stages/validate.js';
import type { PartitionState } from './state/partition-state.js';

/** One partition's chunks in; telemetry, windows, alerts and dead letters out. Read top to bottom: this is the service. */
export const devicePipeline =
  (settings: PipelineSettings, state: PartitionState, own: OwnOperator = asItIs) =>
  (chunks$: Observable<Chunk<RawRecord>>): Observable<Outcome> =>
    chunks$
      .pipe(
        eachRecord(parse(settings, state), 'parse'),
        eachRecord(validate(settings), 'validate'),
        eachRecord(transform(settings), 'transform'),
        eachRecord(check(settings, state), 'check'),
        dedupe(settings.dedupe, state),
        watermark(settings, state),
      )
      .pipe(
        derive(settings, state),
        own(settings, state),
        latest(settings.metrics, state),
        window(settings, state),
        detect(settings, state),
        alert(settings, state),
        tally(state),
      );

/** A user's operator, or several in a `pipe`: telemetry in canonical units, neither late nor sent before. Its memory is in `state`. */
export type OwnOperator = (
  settings: PipelineSettings,
  state: PartitionState,
) => MonoTypeOperatorFunction<Chunk<Telemetry>>;

const asItIs: OwnOperator = () => (chunks$) => chunks$;
