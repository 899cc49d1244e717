import type { WindowKind } from '../../results/stored-results.js';
import type { TopicPartition } from '../../../streams/model/units.js';

/** `<topic>:<partition>`, as it stands in the set of partitions. Topics hold no colon. */
export const partitionName = ({ topic, partition }: TopicPartition): string => `${topic}:${partition}`;

/** Back from there. */
export const sourceOf = (name: string): TopicPartition => {
  const at = name.lastIndexOf(':');
  return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) };
};

/** Every partition a group ever acquired. */
export const partitionsKey = (group: string): string => `weir:${group}:partitions`;

/** The rules that were put in force for a group. */
export const rulesKey = (group: string): string => `weir:${group}:rules`;

/** The keys of one partition. Its name comes first and in braces, so that a cluster keeps them in one slot. */
export interface PartitionKeys {
  readonly meta: string;
  readonly devices: string;
  readonly ids: string;
  readonly alerts: string;
  readonly cleared: string;
  readonly care: string;
  windows(kind: WindowKind, device: string): string;
}

export const partitionKeys = (group: string, name: string): PartitionKeys => {
  const prefix = `{${name}}:${group}`;
  return {
    meta: `${prefix}:meta`,
    devices: `${prefix}:devices`,
    ids: `${prefix}:ids`,
    alerts: `${prefix}:alerts`,
    cleared: `${prefix}:alerts:cleared`,
    care: `${prefix}:alerts:care`,
    windows: ({ rule, metric }, device) => `${prefix}:windows:${rule}:${metric}:${device}`,
  };
};
