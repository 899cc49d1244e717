import type { Cluster } from 'kafkajs';
import { asOffset, type Offset, type TopicPartition } from '../../../streams/model/units.js';
import type { Watermarks } from '../place.js';

/** The part of kafkajs' cluster that is asked. */
export type OffsetSource = Pick<Cluster, 'fetchTopicsOffset' | 'refreshMetadata'>;

interface Wanted {
  readonly partitions: Set<number>;
  readonly answer: Promise<ReadonlyMap<number, Watermarks>>;
}

/** Asks for the ends of partitions' logs; partitions of a topic that ask at the same moment are asked for together. */
export class LogEnds {
  readonly #wanted = new Map<string, Wanted>();

  constructor(private readonly cluster: OffsetSource) {}

  /** Errors: rejects with kafkajs' error; metadata is fresh then, so that the next try finds a leader that has moved. */
  async of({ topic, partition }: TopicPartition): Promise<Watermarks> {
    const wanted = this.#wanted.get(topic) ?? this.#ask(topic);
    wanted.partitions.add(partition);
    const found = (await wanted.answer).get(partition);
    if (found === undefined) throw new Error(`the broker told nothing about partition ${partition} of ${topic}`);
    return found;
  }

  #ask(topic: string): Wanted {
    const partitions = new Set<number>();
    const answer = Promise.resolve().then(() => {
      this.#wanted.delete(topic);
      return this.#fetch(topic, [...partitions]);
    });
    const wanted = { partitions, answer };
    this.#wanted.set(topic, wanted);
    return wanted;
  }

  async #fetch(topic: string, ids: readonly number[]): Promise<ReadonlyMap<number, Watermarks>> {
    try {
      // High first: a log that grows or loses its tail between the two never looks as if it had gone back.
      const high = await this.#end(topic, ids, false);
      const low = await this.#end(topic, ids, true);
      const ends = new Map<number, Watermarks>();
      for (const id of ids) {
        const [from, to] = [low.get(id), high.get(id)];
        if (from !== undefined && to !== undefined) ends.set(id, { low: from, high: asOffset(Math.max(from, to)) });
      }
      return ends;
    } catch (error) {
      await this.cluster.refreshMetadata().catch(() => undefined);
      throw error;
    }
  }

  async #end(topic: string, ids: readonly number[], fromBeginning: boolean): Promise<ReadonlyMap<number, Offset>> {
    const partitions = ids.map((partition) => ({ partition }));
    const answers = await this.cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
    return new Map(
      answers.flatMap((answer) =>
        answer.partitions.map(({ partition, offset }) => [partition, asOffset(Number(offset))] as const),
      ),
    );
  }
}
