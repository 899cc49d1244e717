import { RawRecord } from '../../streams/model/raw-record.js';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import { asOffset, type TopicPartition } from '../../streams/model/units.js';
import type { OwnOperator } from '../../streams/pipeline.js';
import { defaultSettings } from '../rules/default-settings.js';
import { type ProcessedData, Processing } from './processing.js';

/** What a Kafka client hands to its handler; kafkajs' `EachMessagePayload` is one. */
export interface ConsumedMessage extends TopicPartition {
  readonly message: {
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    /** Decimal, as Kafka clients give them. */
    readonly timestamp: string;
    readonly offset: string;
  };
}

/** The pipeline behind a consumer of your own: `consumer.run({ eachMessage: handler.handleMessage })`. */
export interface MessageHandler {
  /** Resolves when `onProcessed` has. A message that was handled before, and is delivered again, is left out. */
  readonly handleMessage: (consumed: ConsumedMessage) => Promise<void>;
  /** One after the other. */
  readonly handleBatch: (consumed: readonly ConsumedMessage[]) => Promise<void>;
}

export interface MessageHandlerOptions {
  readonly settings?: PipelineSettings;
  readonly own?: OwnOperator;
  readonly onProcessed: (processed: ProcessedData, consumed: ConsumedMessage) => void | Promise<void>;
}

/** Memory: one state per partition ever seen, in this process only; where results must survive a crash, run the service. */
export const createMessageHandler = (options: MessageHandlerOptions): MessageHandler => {
  const { settings = defaultSettings(), own, onProcessed } = options;
  const partitions = new Map<string, Processing>();

  const handleMessage = async (consumed: ConsumedMessage): Promise<void> => {
    const { topic, partition, message } = consumed;
    const name = `${topic}-${partition}`;
    const processing = partitions.get(name) ?? new Processing({ topic, partition }, settings, own);
    partitions.set(name, processing);
    const offset = asOffset(Number(message.offset));
    if (offset < processing.next) return;
    const { key, value } = message;
    const record = RawRecord.of({ offset, timestampMs: Number(message.timestamp), key, value });
    await onProcessed(processing.process(record), consumed);
  };

  return {
    handleMessage,
    async handleBatch(consumed) {
      for (const one of consumed) await handleMessage(one);
    },
  };
};
