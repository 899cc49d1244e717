import type { Assigner, Cluster, PartitionAssigner } from 'kafkajs';
import type { TopicPartition } from '../../../../streams/model/units.js';
import type { AssignmentStrategy } from '../../../config/config.js';
import { assignSticky, type Claims, type StickyMember } from './sticky-assignment.js';

type Library = typeof import('kafkajs');
type Protocol = Library['AssignerProtocol'];

/**
 * The strategies as kafkajs wants them, in order of preference: the group takes the first that every member offers.
 * `claims` says what this member holds whenever it joins.
 */
export const assignersFor = (
  library: Library,
  strategies: readonly AssignmentStrategy[],
  claims: () => Claims,
): PartitionAssigner[] =>
  strategies.map((strategy) => {
    switch (strategy) {
      case 'RoundRobin':
        return library.PartitionAssigners.roundRobin;
      case 'Sticky':
        return ({ cluster }) => stickyAssigner(library.AssignerProtocol, cluster, claims);
    }
  });

const version = 1;

const stickyAssigner = (protocol: Protocol, cluster: Cluster, claims: () => Claims): Assigner => ({
  name: 'weir-sticky',
  version,
  protocol: ({ topics }) => ({
    name: 'weir-sticky',
    metadata: protocol.MemberMetadata.encode({ version, topics, userData: encodeClaims(claims()) }),
  }),
  assign: async ({ members, topics }) => {
    const known = members.map(({ memberId, memberMetadata }) => memberOf(protocol, memberId, memberMetadata));
    const wanted = [...new Set([...topics, ...known.flatMap((member) => [...member.topics])])];
    // Members may subscribe to topics that the leader does not; it has to know their partitions all the same.
    await cluster.addMultipleTargetTopics(wanted);
    const partitions = wanted.flatMap((topic) =>
      cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ topic, partition: partitionId })),
    );
    return [...assignSticky(known, partitions)].map(([memberId, assigned]) => ({
      memberId,
      memberAssignment: protocol.MemberAssignment.encode({
        version,
        assignment: byTopic(assigned),
        userData: Buffer.alloc(0),
      }),
    }));
  },
});

const memberOf = (protocol: Protocol, id: string, metadata: Buffer): StickyMember => {
  const decoded = protocol.MemberMetadata.decode(metadata);
  return { id, topics: new Set(decoded?.topics ?? []), claims: decodeClaims(decoded?.userData ?? null) };
};

const byTopic = (partitions: readonly TopicPartition[]): Record<string, number[]> => {
  const topics: Record<string, number[]> = {};
  for (const { topic, partition } of partitions) (topics[topic] ??= []).push(partition);
  return topics;
};

/** JSON: the generation, and per topic the partitions. */
export const encodeClaims = ({ generation, partitions }: Claims): Buffer =>
  Buffer.from(JSON.stringify([generation, byTopic(partitions)]));

const nothing: Claims = { generation: 0, partitions: [] };

/** What another member wrote; anything that isn't understood claims nothing. */
export const decodeClaims = (userData: Buffer | null): Claims => {
  const [generation, topics] = parsed(userData);
  if (typeof generation !== 'number' || typeof topics !== 'object' || topics === null) return nothing;
  const partitions = Object.entries(topics).flatMap(([topic, ids]: [string, unknown]) =>
    Array.isArray(ids)
      ? ids.filter((id): id is number => typeof id === 'number').map((partition) => ({ topic, partition }))
      : [],
  );
  return { generation, partitions };
};

const parsed = (userData: Buffer | null): readonly unknown[] => {
  if (userData === null || userData.length === 0) return [];
  try {
    const value: unknown = JSON.parse(userData.toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};
