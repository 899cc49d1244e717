import type { TopicPartition } from '../../../../streams/model/units.js';

/** A member of the group as the leader sees it. */
export interface StickyMember {
  readonly id: string;
  /** Topics it subscribes to; it gets partitions of no other. */
  readonly topics: ReadonlySet<string>;
  /** What it says it holds, and since which generation of the group. */
  readonly claims: Claims;
}

export interface Claims {
  readonly generation: number;
  readonly partitions: readonly TopicPartition[];
}

interface Load {
  readonly member: StickyMember;
  readonly held: Map<string, TopicPartition>;
}

/**
 * Who reads what: every partition goes to exactly one member that subscribes to its topic, no member could hand one over, directly or by
 * way of others, so that the loads come closer together, and as much as possible stays where it is. Of several members that
 * claim a partition the one with the highest generation holds it; the others slept through a rebalance. Deterministic.
 */
export const assignSticky = (
  members: readonly StickyMember[],
  partitions: readonly TopicPartition[],
): ReadonlyMap<string, readonly TopicPartition[]> => {
  const loads = [...members]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map((member): Load => ({ member, held: new Map() }));
  const free = keepClaims(loads, partitions);
  for (const partition of free) {
    const taker = lightest(loads.filter(({ member }) => member.topics.has(partition.topic)));
    taker?.held.set(keyOf(partition), partition);
  }
  while (shiftOne(loads));
  return new Map(loads.map(({ member, held }) => [member.id, [...held.values()]]));
};

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}\n${partition}`;

/** Gives every member what it rightly claims; returns what nobody does. */
const keepClaims = (loads: readonly Load[], partitions: readonly TopicPartition[]): readonly TopicPartition[] => {
  const winners = new Map<string, Load>();
  for (const load of loads) {
    for (const claim of load.member.claims.partitions) {
      const key = keyOf(claim);
      const rival = winners.get(key);
      const isNewer = rival === undefined || load.member.claims.generation > rival.member.claims.generation;
      if (load.member.topics.has(claim.topic) && isNewer) winners.set(key, load);
    }
  }
  return partitions.filter((partition) => {
    const winner = winners.get(keyOf(partition));
    winner?.held.set(keyOf(partition), partition);
    return winner === undefined;
  });
};

const lightest = (loads: readonly Load[]): Load | undefined =>
  loads.reduce<Load | undefined>(
    (least, load) => (least === undefined || load.held.size < least.held.size ? load : least),
    undefined,
  );

/** Moves one partition along the shortest way from a heavier member to one lighter by two or more; false when there is none. */
const shiftOne = (loads: readonly Load[]): boolean => {
  for (const from of [...loads].sort((one, other) => other.held.size - one.held.size)) {
    const way = shortestWay(from, loads);
    if (way === null) continue;
    for (const { giver, taker, partition } of way) {
      giver.held.delete(keyOf(partition));
      taker.held.set(keyOf(partition), partition);
    }
    return true;
  }
  return false;
};

interface Step {
  readonly giver: Load;
  readonly taker: Load;
  readonly partition: TopicPartition;
}

/** Breadth first; where several takers are as near, the lightest. */
const shortestWay = (from: Load, loads: readonly Load[]): readonly Step[] | null => {
  const ways = new Map<Load, readonly Step[]>([[from, []]]);
  for (let ring = [from]; ring.length > 0;) {
    const next: Load[] = [];
    for (const giver of ring) {
      for (const taker of loads) {
        const partition = ways.has(taker) ? undefined : transferable(giver, taker);
        if (partition === undefined) continue;
        ways.set(taker, [...(ways.get(giver) ?? []), { giver, taker, partition }]);
        next.push(taker);
      }
    }
    const end = lightest(next.filter((load) => from.held.size - load.held.size >= 2));
    if (end !== undefined) return ways.get(end) ?? null;
    ring = next;
  }
  return null;
};

/** The partition that `giver` got last and `taker` may have: what was assigned just now goes before what is held for long. */
const transferable = (giver: Load, taker: Load): TopicPartition | undefined =>
  [...giver.held.values()].reverse().find(({ topic }) => taker.member.topics.has(topic));
