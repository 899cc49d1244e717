import { groupBy, mergeMap, type OperatorFunction } from 'rxjs';
import type { Chunk, Outcome } from '../../streams/model/chunk.js';
import type { RawRecord } from '../../streams/model/raw-record.js';
import { devicePipeline } from '../../streams/pipeline.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import { PartitionState } from '../../streams/state/partition-state.js';

/**
 * What rules make of recorded chunks of one topic: each partition begins with nothing, and nothing is kept at its end. Outcomes come at
 * once and in the order of the chunks. Memory: what the service would remember of the devices.
 */
export const replay =
  (settings: PipelineSettings): OperatorFunction<Chunk<RawRecord>, Outcome> =>
  (chunks$) =>
    chunks$.pipe(
      groupBy(({ source }) => source.partition),
      mergeMap((ofPartition$) =>
        ofPartition$.pipe(devicePipeline(settings, PartitionState.empty({ topic, partition: ofPartition$.key }))),
      ),
    );

/** What recorded records are read from, to the pipeline: it is a part of the ids of alerts. */
export const topic = 'recorded';
