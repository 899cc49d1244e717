import { describe, expect, it } from 'vitest';
import { LogEnds, type OffsetSource } from '../../../../src/sources/kafka/watermarks.js';

const topic = 'telemetry';

/** A cluster whose logs all hold the offsets [10, 20); what it does not know it leaves out. */
class FakeCluster {
  readonly asked: string[] = [];
  refreshed = 0;
  isDown = false;
  lows = 10;

  readonly source: OffsetSource = {
    fetchTopicsOffset: (topics) => {
      if (this.isDown) return Promise.reject(new Error('no leader'));
      return Promise.resolve(
        topics.map(({ topic: name, partitions, ...rest }) => {
          const isLow = 'fromBeginning' in rest && rest.fromBeginning;
          this.asked.push(`${isLow ? 'low' : 'high'} ${partitions.map(({ partition }) => partition).join(',')}`);
          const known = partitions.filter(({ partition }) => partition < 5);
          return {
            topic: name,
            partitions: known.map(({ partition }) => ({ partition, offset: String(isLow ? this.lows : 20) })),
          };
        }),
      );
    },
    refreshMetadata: () => {
      this.refreshed++;
      return Promise.resolve();
    },
  };
}

describe('LogEnds', () => {
  it('asks for all partitions that want to know at the same moment together', async () => {
    const cluster = new FakeCluster();
    const ends = new LogEnds(cluster.source);
    const answers = await Promise.all([0, 1, 2].map((partition) => ends.of({ topic, partition })));
    expect(answers).toEqual([0, 1, 2].map(() => ({ low: 10, high: 20 })));
    expect(cluster.asked).toEqual(['high 0,1,2', 'low 0,1,2']);
    await ends.of({ topic, partition: 1 });
    expect(cluster.asked.length).toBe(4);
  });

  it('never lets a log look as if it ended before it began', async () => {
    const cluster = new FakeCluster();
    cluster.lows = 25;
    expect(await new LogEnds(cluster.source).of({ topic, partition: 0 })).toEqual({ low: 25, high: 25 });
  });

  it('asks for fresh metadata when it is not answered, and says so', async () => {
    const cluster = new FakeCluster();
    const ends = new LogEnds(cluster.source);
    cluster.isDown = true;
    await expect(ends.of({ topic, partition: 0 })).rejects.toThrow('no leader');
    expect(cluster.refreshed).toBe(1);
    cluster.isDown = false;
    await expect(ends.of({ topic, partition: 7 })).rejects.toThrow('told nothing about partition 7');
    expect(await ends.of({ topic, partition: 0 })).toEqual({ low: 10, high: 20 });
  });
});
