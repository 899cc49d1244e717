import { EmbeddedLog } from '../../../../src/sources/embedded/log.js';
import { embeddedSource } from '../../../../src/sources/embedded/source.js';
import { asOffset } from '../../../../streams/model/units.js';
import { sourceConformance } from '../../../conformance/source.js';

const topic = 'device-data';

sourceConformance('the embedded log', ({ partitions }) => {
  const log = new EmbeddedLog({ topics: { [topic]: partitions }, segmentBytes: 512, retentionBytes: 1_000_000 });
  return Promise.resolve({
    topic,
    produce: (partition, records) => {
      for (const record of records) log.partition({ topic, partition }).append({ key: null, ...record });
      return Promise.resolve();
    },
    deleteBefore: (partition, offset) => {
      log.partition({ topic, partition }).deleteBefore(asOffset(offset));
      return Promise.resolve();
    },
    member: ({ batchSize, report, ...bounds }) =>
      embeddedSource({
        log,
        config: { groupId: 'readers', topics: [topic], maxPollRecords: 50, ...bounds },
        batchSize,
        report,
      }),
    close: () => Promise.resolve(),
  });
});
