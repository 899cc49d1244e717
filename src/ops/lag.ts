import type { PartitionStatus } from '../ports.js';

/** Records in the log that are not settled yet; null while the end of the log, or the own position, is unknown. */
export const lagRecords = ({ highWatermark, settled, next }: PartitionStatus): number | null => {
  const position = settled ?? next;
  return highWatermark === null || position === null ? null : Math.max(0, highWatermark - position);
};

/** How old the last record read is while there is lag, else 0; null while unknown. Clocks of brokers and host must agree. */
export const lagMs = (status: PartitionStatus, nowMs: number): number | null => {
  const records = lagRecords(status);
  if (records === 0) return 0;
  return records === null || status.lastTimestampMs === null ? null : Math.max(0, nowMs - status.lastTimestampMs);
};
