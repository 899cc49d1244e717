import type { TopicPartition } from '../../../streams/model/units.js';

/** One reader of a group. None of these may throw. */
export interface GroupMember {
  readonly topics: readonly string[];
  /** Nothing is assigned any more; `kept` will be assigned to it again at once. */
  revoked(kept: readonly TopicPartition[]): void;
  assigned(partitions: readonly TopicPartition[]): void;
}

/**
 * Shares partitions between members, round robin in the order they joined. Whenever somebody comes or goes everything is taken from
 * everybody and handed out anew, as Kafka's eager protocol does; nobody is assigned a partition that another one still has.
 */
export class Group {
  #members: readonly GroupMember[] = [];
  #isBalancing = false;
  /** How often somebody came or went. */
  #changes = 0;

  constructor(private readonly partitionsOf: (topic: string) => number) {}

  join(member: GroupMember): void {
    this.#members = [...this.#members, member];
    this.#balance();
  }

  leave(member: GroupMember): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((one) => one !== member);
    member.revoked([]);
    this.#balance();
  }

  /** Members may come and go while they are told: that is another round. */
  #balance(): void {
    this.#changes += 1;
    if (this.#isBalancing) return;
    this.#isBalancing = true;
    for (let told = 0; told !== this.#changes;) {
      told = this.#changes;
      const shares = this.#shares();
      for (const [member, share] of shares) member.revoked(share);
      for (const [member, share] of shares) if (told === this.#changes) member.assigned(share);
    }
    this.#isBalancing = false;
  }

  #shares(): ReadonlyMap<GroupMember, readonly TopicPartition[]> {
    const shares = new Map<GroupMember, TopicPartition[]>(this.#members.map((member) => [member, []]));
    for (const topic of new Set(this.#members.flatMap(({ topics }) => topics))) {
      const readers = this.#members.filter(({ topics }) => topics.includes(topic));
      for (let partition = 0; partition < this.partitionsOf(topic); partition += 1) {
        const reader = readers[partition % readers.length];
        if (reader !== undefined) shares.get(reader)?.push({ topic, partition });
      }
    }
    return shares;
  }
}
