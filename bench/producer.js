import { connect } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';

const produce = { key: 0, version: 3 };
const timeoutMs = 30_000;

/**
 * Sends record batches that are encoded already, acks 1: a few nanoseconds a record, where kafkajs' encoder takes microseconds. Leaders are
 * asked for once; a topic whose leaders move meanwhile fails. Plain connections only.
 */
export const openProducer = async (brokers, topic) => {
  const addresses = await leadersOf(brokers, topic);
  const connections = new Map();
  for (const address of new Set(addresses.values())) connections.set(address, await openConnection(address));
  return {
    /** One batch, whose base offset is overwritten; resolves when the leader has it. Errors: rejects when it is refused. */
    send: async (partition, batch) => {
      // The broker gives the offsets, and refuses others. The checksum begins behind this one.
      batch.writeBigInt64BE(0n, 0);
      const answer = await connections.get(addresses.get(partition)).ask(head(topic, partition, batch.length), batch);
      // Behind the correlation id: one topic, one partition.
      const error = answer.readInt16BE(4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4);
      if (error !== 0) throw new Error(`Kafka refused a batch for ${topic}-${partition}: error ${error}`);
    },
    close: () => {
      for (const connection of connections.values()) connection.close();
    },
  };
};

const leadersOf = async (brokers, topic) => {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { brokers: nodes } = await admin.describeCluster();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  const addressOf = new Map(nodes.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]));
  return new Map(topics[0].partitions.map(({ partitionId, leader }) => [partitionId, addressOf.get(leader)]));
};

/** Answers come in the order of the requests. */
const openConnection = async (address) => {
  const at = address.lastIndexOf(':');
  const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
  const waiting = [];
  const fail = (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
      const end = 4 + received.readInt32BE(0);
      waiting.shift().resolve(received.subarray(4, end));
      received = received.subarray(end);
    }
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error(`${address} closed the connection`)));
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return {
    ask: (requestHead, batch) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        socket.cork();
        socket.write(requestHead);
        socket.write(batch);
        socket.uncork();
      }),
    close: () => socket.end(),
  };
};

/** Everything of the request before the batch: size, header, no transaction, acks 1, one topic, one partition. */
const head = (topic, partition, batchBytes) => {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(4 + 2 + 2 + 4 + 2 + 2 + 2 + 4 + 4 + 2 + name.length + 4 + 4 + 4);
  bytes.writeInt32BE(bytes.length - 4 + batchBytes, 0);
  bytes.writeInt16BE(produce.key, 4);
  bytes.writeInt16BE(produce.version, 6);
  bytes.writeInt16BE(-1, 12); // no client id
  bytes.writeInt16BE(-1, 14); // no transaction
  bytes.writeInt16BE(1, 16);
  bytes.writeInt32BE(timeoutMs, 18);
  bytes.writeInt32BE(1, 22);
  bytes.writeInt16BE(name.length, 26);
  name.copy(bytes, 28);
  const behind = 28 + name.length;
  bytes.writeInt32BE(1, behind);
  bytes.writeInt32BE(partition, behind + 4);
  bytes.writeInt32BE(batchBytes, behind + 8);
  return bytes;
};
