import { setTimeout as wait } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import type { KafkaConfig } from '../../config/config.js';
import type { Finding } from '../../ports.js';
import { countPartitions } from './admin.js';
import { withAdmin } from './client.js';
import { refusal, wordsOf } from './faults.js';

/** Looks at everything the service will need of Kafka and changes nothing. Faults are findings: it never rejects. */
export const probeKafka = async (config: KafkaConfig): Promise<readonly Finding[]> => {
  const what = `kafka ${config.brokers.join(', ')}`;
  try {
    return await withAdmin(config, (admin) => findings(admin, config), { forMs: 0, betweenMs: 0 });
  } catch (error) {
    return [{ what, verdict: 'fault', detail: wordsOf(error) }];
  }
};

const findings = async (admin: Admin, config: KafkaConfig): Promise<readonly Finding[]> => {
  const found: Finding[] = [await looked('kafka brokers', () => brokers(admin))];
  for (const topic of config.topics) {
    const partitions = await countPartitions(admin, topic).catch(() => null);
    found.push(await looked(`topic ${topic}`, () => sourceTopic(admin, topic)));
    const letters = `${topic}${config.deadLetterSuffix}`;
    found.push(await looked(`dead letters ${letters}`, () => letterTopic(admin, letters, partitions)));
  }
  found.push(await looked(`group ${config.groupId}`, () => group(admin, config)));
  return found;
};

type Seen = Omit<Finding, 'what'>;

const looked = async (what: string, look: () => Promise<Seen>): Promise<Finding> => {
  try {
    return { what, ...(await look()) };
  } catch (error) {
    return { what, verdict: 'fault', detail: refusal(error) ?? wordsOf(error) };
  }
};

const brokers = async (admin: Admin): Promise<Seen> => {
  const { brokers: known, clusterId } = await admin.describeCluster();
  const addresses = known.map(({ host, port }) => `${host}:${port}`).join(', ');
  return { verdict: 'ok', detail: `cluster ${clusterId}, ${counted(known.length, 'broker')}: ${addresses}` };
};

const sourceTopic = async (admin: Admin, topic: string): Promise<Seen> => {
  const partitions = await countPartitions(admin, topic);
  if (partitions === null)
    return { verdict: 'fault', detail: 'there is no such topic; create it, or correct kafka.consumer.topics' };
  const ends = await admin.fetchTopicOffsets(topic);
  const held = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  return { verdict: 'ok', detail: `${counted(partitions, 'partition')}, ${counted(held, 'offset')} in the log` };
};

const letterTopic = async (admin: Admin, topic: string, wanted: number | null): Promise<Seen> => {
  const partitions = await countPartitions(admin, topic);
  if (partitions === null)
    return { verdict: 'warning', detail: 'not there yet; it is created at the start if the user may' };
  if (wanted !== null && partitions < wanted) {
    return { verdict: 'warning', detail: `has ${partitions} partitions for ${wanted}: some share one` };
  }
  return { verdict: 'ok', detail: counted(partitions, 'partition') };
};

const group = async (admin: Admin, { groupId }: KafkaConfig): Promise<Seen> => {
  const { groups } = await described(admin, groupId);
  const found = groups.find((one) => one.groupId === groupId);
  if (found === undefined || found.state === 'Dead')
    return { verdict: 'ok', detail: 'not there yet; it is made by the first member' };
  if (found.protocolType !== '' && found.protocolType !== 'consumer') {
    return { verdict: 'fault', detail: `is used for ${found.protocolType}; choose another kafka.consumer.group_id` };
  }
  return {
    verdict: 'ok',
    detail: `${found.state}, ${counted(found.members.length, 'member')}, strategy ${found.protocol || 'none'}`,
  };
};

/** A cluster whose first group this is has no coordinator for a moment. */
const described = async (admin: Admin, groupId: string): ReturnType<Admin['describeGroups']> => {
  for (let tries = 1; ; tries++) {
    try {
      return await admin.describeGroups([groupId]);
    } catch (error) {
      if (tries >= 5 || refusal(error) !== null) throw error;
      await wait(300);
    }
  }
};

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
