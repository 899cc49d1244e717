/**
 * Sends a file of record batches to a topic: `node bench/feed.js BROKERS TOPIC FILE RATE`. RATE is in records a second, 0 as fast as the
 * broker takes them. Prints the seconds it took and its own CPU; exits with 1 when it can't keep the pace.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { openProducer } from './producer.js';

const [brokers, topic, path, rate] = process.argv.slice(2);
const batches = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
const producer = await openProducer(brokers, topic);
const file = openSync(path);
/** Batches that are under way at a time; several partitions take turns in the file. */
const mostUnderWay = 16;
const underWay = new Set();
let failed = null;
let sent = 0;

const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
for (const { partition, count, at, length } of batches) {
  if (Number(rate) > 0) {
    const aheadMs = (sent / Number(rate)) * 1_000 - (performance.now() - startedAt);
    if (aheadMs > 1) await delay(aheadMs);
  }
  const batch = Buffer.allocUnsafe(length);
  readSync(file, batch, 0, length, at);
  const sending = producer
    .send(partition, batch)
    .catch((error) => (failed ??= error))
    .finally(() => underWay.delete(sending));
  underWay.add(sending);
  if (underWay.size >= mostUnderWay) await Promise.race(underWay);
  if (failed !== null) throw failed;
  sent += count;
}
await Promise.all(underWay);
if (failed !== null) throw failed;
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
producer.close();
closeSync(file);
process.stdout.write(`${JSON.stringify({ seconds, usPerRecord: (user + system) / sent })}\n`);
if (Number(rate) > 0 && seconds > (sent / Number(rate)) * 1.1) {
  process.stderr.write(
    `the feeder needed ${seconds.toFixed(1)} s for ${sent} records: this machine is too busy for ${rate} records/s\n`,
  );
  process.exitCode = 1;
}
