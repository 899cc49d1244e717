import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { findOnPath, lastLines, runToEnd } from './commands.js';
import { startDaemon } from './daemon.js';
import { installPackages, whyNoPackages } from './debian.js';
import { hasImage, startContainer } from './docker.js';
import { asEnvironment, asProperties, brokerSettings } from './kafka/settings.js';
import { NotToBeHad, notOurs, reasonOf, type Part } from './part.js';
import { freePorts } from './ports.js';
import { say, secondsSince } from './say.js';

const version = '4.1.0';
const image = `apache/kafka:${version}`;
const lowestJava = 17;

export const kafka = async (): Promise<Part> => {
  const given = process.env['KAFKA_BROKERS'];
  if (given !== undefined && given !== '') return fromEnvironment(given);
  if (await hasImage(image)) return fromDocker();
  return fromMaven();
};

/** Rejects while the brokers don't answer. */
const askBrokers = async (brokers: string): Promise<void> => {
  const admin = new Kafka({
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
};

const part = (address: string, theirVersion: string, from: string, stop: () => Promise<void>): Part => ({
  name: 'Kafka',
  version: theirVersion,
  address,
  from,
  env: { KAFKA_BROKERS: address },
  stop,
});

const fromEnvironment = async (brokers: string): Promise<Part> => {
  try {
    await askBrokers(brokers);
    return part(brokers, '(not told)', 'from the environment (KAFKA_BROKERS)', notOurs);
  } catch (error) {
    throw new NotToBeHad(
      'Kafka',
      `KAFKA_BROKERS is ${brokers}, but ${reasonOf(error)}`,
      'start that Kafka, or unset KAFKA_BROKERS so that one is started here',
    );
  }
};

const fromDocker = async (): Promise<Part> => {
  const [broker = 0, controller = 0] = await freePorts(2);
  const address = `127.0.0.1:${broker}`;
  const settings = brokerSettings({ broker, controller, host: '0.0.0.0' });
  const { stop } = await startContainer({
    name: 'Kafka',
    options: ['-p', `${address}:${broker}`, ...asEnvironment(settings).flatMap((one) => ['-e', one])],
    image,
    args: [],
    answers: () => askBrokers(address),
    withinMs: 90_000,
  });
  return part(address, version, `started here in Docker (${image})`, stop);
};

const jvm = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

const fromMaven = async (): Promise<Part> => {
  const java = await javaProgram();
  const classes = join(await jars(), '*');
  const [broker = 0, controller = 0] = await freePorts(2);
  const address = `127.0.0.1:${broker}`;
  const { stop } = await startDaemon({
    name: 'Kafka',
    command: java,
    args: async (folder) => {
      const file = join(folder, 'server.properties');
      const settings = {
        ...brokerSettings({ broker, controller, host: '127.0.0.1' }),
        'log.dirs': join(folder, 'data'),
      };
      writeFileSync(file, asProperties(settings));
      await format(java, classes, file);
      return ['-Xmx256m', ...jvm, '-cp', classes, 'kafka.Kafka', file];
    },
    answers: () => askBrokers(address),
    withinMs: 90_000,
  });
  return part(address, version, `started here (${java}, jars from Maven)`, stop);
};

const format = async (java: string, classes: string, file: string): Promise<void> => {
  const id = 'MkU3OEVBNTcwNTJENDM2Qg';
  const args = ['-Xmx128m', ...jvm, '-cp', classes, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', file];
  const { code, output } = await runToEnd(java, args, { timeoutMs: 60_000 });
  if (code !== 0) throw new Error(`Kafka's folder could not be made:\n${lastLines(output)}`);
};

const next = `install Java ${lowestJava} or newer and Maven, or "docker pull ${image}", or set KAFKA_BROKERS=host:port`;
const untried = 'KAFKA_BROKERS is not set, Docker has no image of it';

const javaProgram = async (): Promise<string> => {
  const home = process.env['JAVA_HOME'];
  const find = (): string | null => findOnPath(...(home === undefined ? [] : [join(home, 'bin/java')]), 'java');
  const java = find() ?? (await installed('java', 'default-jre-headless', find));
  const { output } = await runToEnd(java, ['-version'], { timeoutMs: 20_000 });
  const found = Number(/version "(\d+)/.exec(output)?.[1]);
  if (found >= lowestJava) return java;
  throw new NotToBeHad('Kafka', `${untried}, and ${java} is not Java ${lowestJava}: ${lastLines(output, 3)}`, next);
};

const installed = async (program: string, wanted: string, find: () => string | null): Promise<string> => {
  const tried = `${untried}, there is no ${program} on the path`;
  const reason = whyNoPackages();
  if (reason !== null) throw new NotToBeHad('Kafka', `${tried} and ${reason}`, next);
  try {
    await installPackages(wanted);
  } catch (error) {
    throw new NotToBeHad('Kafka', `${tried} and ${reasonOf(error)}`, next);
  }
  const found = find();
  if (found === null) throw new NotToBeHad('Kafka', `Debian's ${wanted} brought no ${program}`, next);
  return found;
};

const pom = fileURLToPath(new URL('kafka/pom.xml', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache', import.meta.url));

/** The folder of Kafka's jars; fetched by Maven the first time. */
const jars = async (): Promise<string> => {
  const folder = join(cache, `kafka-${version}`);
  if (existsSync(folder)) return folder;
  const began = performance.now();
  const find = (): string | null => findOnPath('mvn');
  const mvn = find() ?? (await installed('mvn', 'maven', find));
  say(`fetching Kafka ${version} by Maven (45 MB, once)`);
  // Under another name until it is whole: an interrupted download must not pass for one that ended.
  const coming = `${folder}.${process.pid}`;
  mkdirSync(coming, { recursive: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${coming}`, '-DincludeScope=runtime'];
  const { code, output } = await runToEnd(mvn, ['-q', '-B', '-f', pom, ...goal], { timeoutMs: 600_000 });
  if (code === 0 && !existsSync(folder)) renameSync(coming, folder);
  rmSync(coming, { recursive: true, force: true });
  if (code === 0) say(`fetched Kafka ${version}, ${secondsSince(began)}`);
  else throw new NotToBeHad('Kafka', `${untried}, and Maven could not fetch it:\n${lastLines(output)}\n`, next);
  return folder;
};
