import { findOnPath, runToEnd } from './commands.js';
import { startDaemon } from './daemon.js';
import { installPackages, whyNoPackages } from './debian.js';
import { hasImage, startContainer } from './docker.js';
import { NotToBeHad, notOurs, reasonOf, type Part } from './part.js';
import { askOnce, freePorts } from './ports.js';

const image = 'redis:7.2-alpine';

/** Nothing on disk; a full memory is told, as the service demands. */
const settings = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];

export const redis = async (): Promise<Part> => {
  // Whatever the shared one is: tests that break a Redis start one of their own.
  const program = findOnPath('redis-server') ?? (await install());
  await checkProgram(program);
  const given = process.env['REDIS_ENDPOINT'];
  if (given !== undefined && given !== '') return fromEnvironment(given);
  if (await hasImage(image)) return fromDocker();
  return fromProgram(program);
};

/** Rejects while there is no Redis that answers. */
const versionAt = async (address: string): Promise<string> => {
  const answer = await askOnce(address, 'INFO server\r\n');
  const version = /redis_version:(\S+)/.exec(answer)?.[1];
  if (version === undefined) throw new Error(`no Redis for us at ${address}: it said ${answer.slice(0, 80).trim()}`);
  return newEnough(version);
};

/** The commit script begins with `#!lua`, which Redis understands since 7. */
const newEnough = (version: string): string => {
  if (Number.parseInt(version, 10) >= 7) return version;
  throw new Error(`it is Redis ${version}; 7 or newer is needed`);
};

const fromEnvironment = async (address: string): Promise<Part> => {
  try {
    return part(address, await versionAt(address), 'from the environment (REDIS_ENDPOINT)', notOurs);
  } catch (error) {
    throw new NotToBeHad(
      'Redis',
      `REDIS_ENDPOINT is ${address}, but ${reasonOf(error)}`,
      'start that Redis, or unset REDIS_ENDPOINT so that one is started here',
    );
  }
};

const part = (address: string, version: string, from: string, stop: () => Promise<void>): Part => ({
  name: 'Redis',
  version,
  address,
  from,
  env: { REDIS_ENDPOINT: address },
  stop,
});

const fromDocker = async (): Promise<Part> => {
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${String(port)}`;
  const { stop } = await startContainer({
    name: 'Redis',
    options: ['-p', `${address}:6379`],
    image,
    args: ['redis-server', ...settings],
    answers: () => versionAt(address),
    withinMs: 30_000,
  });
  return part(address, await versionAt(address), `started here in Docker (${image})`, stop);
};

const fromProgram = async (program: string): Promise<Part> => {
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${String(port)}`;
  const { stop } = await startDaemon({
    name: 'Redis',
    command: program,
    args: (folder) => ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...settings],
    answers: () => versionAt(address),
    withinMs: 30_000,
  });
  return part(address, await versionAt(address), `started here (${program})`, stop);
};

const checkProgram = async (program: string): Promise<void> => {
  const { output } = await runToEnd(program, ['--version'], { timeoutMs: 5_000 });
  try {
    newEnough(/v=(\S+)/.exec(output)?.[1] ?? output);
  } catch (error) {
    throw new NotToBeHad('Redis', `there is ${program}, but ${reasonOf(error)}`, next);
  }
};

const next = 'install redis-server 7 or newer';

const install = async (): Promise<string> => {
  const tried = 'there is no redis-server on the path';
  const reason = whyNoPackages();
  if (reason !== null) throw new NotToBeHad('Redis', `${tried} and ${reason}`, next);
  try {
    await installPackages('redis-server');
  } catch (error) {
    throw new NotToBeHad('Redis', `${tried} and ${reasonOf(error)}`, next);
  }
  const program = findOnPath('redis-server');
  if (program === null) throw new NotToBeHad('Redis', `Debian's package brought no redis-server`, next);
  return program;
};
