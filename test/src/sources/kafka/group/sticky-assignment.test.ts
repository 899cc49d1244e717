import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeClaims, encodeClaims } from '../../../../../src/sources/kafka/group/assigners.js';
import {
  assignSticky,
  type Claims,
  type StickyMember,
} from '../../../../../src/sources/kafka/group/sticky-assignment.js';
import type { TopicPartition } from '../../../../../streams/model/units.js';

const none: Claims = { generation: 0, partitions: [] };
const topicsOf = (counts: Readonly<Record<string, number>>): readonly TopicPartition[] =>
  Object.entries(counts).flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition })),
  );
const member = (id: string, claims: Claims = none, topics: readonly string[] = ['a', 'b', 'c']): StickyMember => ({
  id,
  topics: new Set(topics),
  claims,
});
const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

type Assignment = ReturnType<typeof assignSticky>;
const sizes = (assignment: Assignment): number[] => [...assignment.values()].map((partitions) => partitions.length);
/** Every member claims what it was given. */
const claiming = (assignment: Assignment, generation: number): StickyMember[] =>
  [...assignment].map(([id, partitions]) => member(id, { generation, partitions }));
const moved = (before: Assignment, after: Assignment): number =>
  [...after].reduce((sum, [id, partitions]) => {
    const held = new Set((before.get(id) ?? []).map(keyOf));
    return sum + partitions.filter((partition) => !held.has(keyOf(partition))).length;
  }, 0);

const counts = fc.record({ a: fc.integer({ min: 1, max: 24 }), b: fc.nat(9), c: fc.nat(5) });
const ids = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 8 });

describe('assignSticky', () => {
  it('gives every partition to exactly one member, evenly, whatever is claimed', () => {
    const claims = fc.record({
      generation: fc.nat(5),
      partitions: fc.array(fc.record({ topic: fc.constantFrom('a', 'b', 'gone'), partition: fc.nat(30) })),
    });
    fc.assert(
      fc.property(counts, ids, fc.array(claims, { minLength: 8, maxLength: 8 }), (topics, names, all) => {
        const partitions = topicsOf(topics);
        const assignment = assignSticky(
          names.map((id, i) => member(id, all[i] ?? none)),
          partitions,
        );
        expect([...assignment.values()].flat().map(keyOf).sort()).toEqual(partitions.map(keyOf).sort());
        expect(Math.max(...sizes(assignment)) - Math.min(...sizes(assignment))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('moves nothing when nothing changed', () => {
    fc.assert(
      fc.property(counts, ids, (topics, names) => {
        const first = assignSticky(
          names.map((id) => member(id)),
          topicsOf(topics),
        );
        expect(moved(first, assignSticky(claiming(first, 1), topicsOf(topics)))).toBe(0);
      }),
    );
  });

  it('moves no more than a newcomer gets, and no more than a leaver had', () => {
    fc.assert(
      fc.property(counts, ids, (topics, names) => {
        const first = assignSticky(
          names.map((id) => member(id)),
          topicsOf(topics),
        );
        const joined = assignSticky([...claiming(first, 1), member('NEW')], topicsOf(topics));
        expect(moved(first, joined)).toBe(joined.get('NEW')?.length);
        const left = assignSticky(
          claiming(joined, 2).filter(({ id }) => id !== 'NEW'),
          topicsOf(topics),
        );
        expect(moved(joined, left)).toBe(joined.get('NEW')?.length);
      }),
    );
  });

  it('gives no member a partition of a topic that it does not subscribe to, and can not be evened out further', () => {
    const subscribed = fc.array(fc.subarray(['a', 'b', 'c'], { minLength: 1 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(counts, subscribed, (topics, subscriptions) => {
        const members = subscriptions.map((topicNames, i) => member(`m${i}`, none, topicNames));
        const wanted = topicsOf(topics).filter(({ topic }) => members.some((one) => one.topics.has(topic)));
        const assignment = assignSticky(members, topicsOf(topics));
        expect([...assignment.values()].flat().map(keyOf).sort()).toEqual(wanted.map(keyOf).sort());
        for (const giver of members) {
          for (const held of assignment.get(giver.id) ?? []) {
            expect(giver.topics.has(held.topic)).toBe(true);
            for (const taker of members.filter((one) => one.topics.has(held.topic))) {
              expect(assignment.get(giver.id)?.length ?? 0).toBeLessThanOrEqual(
                (assignment.get(taker.id)?.length ?? 0) + 1,
              );
            }
          }
        }
      }),
    );
  });

  it('passes load on through a member between two that share no topic', () => {
    const partitions = topicsOf({ a: 3, b: 3 });
    const claims = (...held: readonly (readonly [string, number])[]): Claims => ({
      generation: 1,
      partitions: held.map(([topic, partition]) => ({ topic, partition })),
    });
    const assignment = assignSticky(
      [
        member('x', claims(['a', 0], ['a', 1], ['a', 2]), ['a']),
        member('y', claims(['b', 0], ['b', 1]), ['a', 'b']),
        member('z', claims(['b', 2]), ['b']),
      ],
      partitions,
    );
    expect(sizes(assignment)).toEqual([2, 2, 2]);
  });

  it('believes the claim of the highest generation', () => {
    const partitions = topicsOf({ a: 4 });
    const both = [
      { topic: 'a', partition: 0 },
      { topic: 'a', partition: 1 },
    ];
    const assignment = assignSticky(
      [member('awake', { generation: 7, partitions: both }), member('asleep', { generation: 6, partitions: both })],
      partitions,
    );
    expect(assignment.get('awake')).toEqual(expect.arrayContaining(both));
  });
});

describe('claims', () => {
  it('come back as they were written', () => {
    const claims: Claims = {
      generation: 12,
      partitions: [
        { topic: 'a', partition: 3 },
        { topic: 'a', partition: 0 },
        { topic: 'b', partition: 1 },
      ],
    };
    expect(decodeClaims(encodeClaims(claims))).toEqual(claims);
  });

  it.each([null, '', 'not json', '[]', '[1]', '["1",{}]', '[1,{"a":"x"}]'])('of %j are none', (text) => {
    expect(decodeClaims(text === null ? null : Buffer.from(text)).partitions).toEqual([]);
  });
});
