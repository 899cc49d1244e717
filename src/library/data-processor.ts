import type { Tally } from '../../streams/model/chunk.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import type { OwnOperator } from '../../streams/pipeline.js';
import { defaultSettings } from '../rules/default-settings.js';
import type { DeviceView } from '../ports.js';
import { type ProcessedData, Processing } from './processing.js';

export interface Message {
  /** Null is a tombstone. */
  readonly value: Buffer | string | null;
  /** When it was written to the log, epoch ms; event times are judged by it. Default: now. */
  readonly timestampMs?: number;
}

export interface ProcessingStats {
  /** read = counted + duplicate + late + dead + skipped */
  readonly tally: Tally;
  /** How many were rejected or skipped for which reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/**
 * The service's pipeline without the service: records in, what became of them out. Remembers like one partition does (windows,
 * alerts, message ids), in this process only; what must survive a crash needs the service.
 */
export interface DataProcessor {
  /** A bad record is a value, `rejected`, with its reason. Errors: throws only what an operator of your own breaks the stream with. */
  process(message: Message): ProcessedData;
  /** In order; the same as one after the other. */
  processBatch(messages: readonly Message[]): readonly ProcessedData[];
  getStats(): ProcessingStats;
  /** Its newest readings; null as long as nothing of it has counted. */
  getDevice(id: string): DeviceView | null;
}

export interface DataProcessorOptions {
  /** Default: those of an empty configuration file. */
  readonly settings?: PipelineSettings;
  readonly own?: OwnOperator;
}

export const createDataProcessor = ({
  settings = defaultSettings(),
  own,
}: DataProcessorOptions = {}): DataProcessor => {
  const processing = new Processing({ topic: 'process', partition: 0 }, settings, own);
  const process = ({ value, timestampMs = Date.now() }: Message): ProcessedData =>
    processing.process(RawRecord.of({ offset: processing.next, timestampMs, value }));
  return {
    process,
    processBatch: (messages) => messages.map(process),
    getStats: () => ({ tally: processing.tally, reasons: Object.fromEntries(processing.reasons) }),
    getDevice: (id) => processing.device(id),
  };
};
