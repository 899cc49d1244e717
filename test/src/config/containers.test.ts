import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { isRight } from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeProduce } from '../../../src/cli/produce.js';
import { showFault } from '../../../src/config/faults.js';
import { loadConfig, type Resolved } from '../../../src/config/load.js';

const root = new URL('../../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');

type Environment = Readonly<Record<string, string>>;

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Environment;
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly volumes?: readonly string[];
}

const { services } = parse(read('docker-compose.yml')) as { readonly services: Readonly<Record<string, Service>> };
const service = (name: string): Service => {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};

const dockerfile = read('Dockerfile').replaceAll(/\\\n\s*/g, '');
const instructions = (name: string): readonly string[] =>
  dockerfile.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
const imageEnvironment: Environment = Object.fromEntries(
  instructions('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=') as [string, string])),
);

const resolved = (env: Environment): Resolved => {
  const loaded = loadConfig({ env, flags: [] });
  if (isRight(loaded)) return loaded.right;
  throw new Error(loaded.left.map(showFault).join('\n'));
};

const namesRead = ({ origins }: Resolved): readonly string[] =>
  [...origins.values()].flatMap((origin) => (origin.from === 'env' ? [origin.name] : []));

const ours = Object.entries(services).filter(([, { image }]) => image === service('weir').image);
const everyEnvironment = (name: string): Environment => ({ ...imageEnvironment, ...service(name).environment });

describe('what the containers are told', () => {
  test.each(ours.map(([name]) => name))('%s: every variable is a key of the configuration, and is believed', (name) => {
    const { NODE_ENV, ...env } = everyEnvironment(name);
    const config = resolved(env);
    expect(NODE_ENV).toBe('production');
    expect([...namesRead(config)].sort()).toEqual(Object.keys(env).sort());
    expect(config.warnings).toEqual([]);
  });

  test('the service listens where its ports are published from', () => {
    const { http, ops } = resolved(everyEnvironment('weir')).config;
    expect([http.host, ops.host]).toEqual(['0.0.0.0', '0.0.0.0']);
    expect(service('weir').ports?.map((one) => Number(one.split(':').at(-1)))).toEqual([http.port, ops.port]);
    expect(instructions('EXPOSE')).toEqual([`${http.port} ${ops.port}`]);
    expect(dockerfile).toContain(`process.env.WEIR_MONITORING_PROMETHEUS_PORT || ${ops.port}}/livez`);
  });

  test('Kafka and Redis are where the service looks for them', () => {
    const { kafka, redis } = resolved(everyEnvironment('weir')).config;
    expect(service('kafka').environment?.['KAFKA_ADVERTISED_LISTENERS']).toContain(
      `INSIDE://${String(kafka.brokers[0])}`,
    );
    expect(service('topic').entrypoint).toContain(kafka.brokers[0]);
    expect(resolved(everyEnvironment('simulator')).config.kafka.brokers).toEqual(kafka.brokers);
    expect(redis.endpoints).toEqual(['redis:6379']);
    expect(service('redis').command?.join(' ')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
  });

  test('the topic that is made is the one that is fed and read', () => {
    const { topics } = resolved(everyEnvironment('weir')).config.kafka;
    expect(topics).toEqual([afterFlag(service('topic').command, '--topic')]);
    expect(optionsOf(describeProduce(new Command()), service('simulator').command)).toMatchObject({ topic: topics[0] });
  });

  test('the commands that are run exist and understand their flags', () => {
    expect(instructions('ENTRYPOINT')).toEqual([
      '["node", "--min-semi-space-size=32", "--max-semi-space-size=32", "bin/weir.js"]',
    ]);
    expect(instructions('CMD')).toEqual(['["run"]']);
    expect(service('simulator').command?.[0]).toBe('produce');
    expect(() => optionsOf(describeProduce(new Command()), service('simulator').command)).not.toThrow();
  });

  test('who is waited for can be waited for', () => {
    const waits = Object.values(services).flatMap((one) => Object.entries(one.depends_on ?? {}));
    expect(waits.length).toBeGreaterThan(0);
    for (const [name, { condition }] of waits) {
      const { healthcheck } = service(name);
      const isProbed = healthcheck === undefined ? ours.some(([own]) => own === name) : healthcheck.disable !== true;
      expect([name, condition]).toEqual([name, isProbed ? 'service_healthy' : 'service_completed_successfully']);
    }
  });

  test('what the image copies exists and reaches the build', () => {
    const copied = instructions('COPY')
      .filter((line) => !line.startsWith('--from='))
      .flatMap((line) => line.split(' ').slice(0, -1));
    const letIn = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(copied.length).toBeGreaterThan(0);
    for (const path of copied) {
      expect([path, existsSync(new URL(path, root))]).toEqual([path, true]);
      expect([path, letIn.some((one) => path === one || path.startsWith(`${one}/`))]).toEqual([path, true]);
    }
  });
});

const afterFlag = (command: readonly string[] = [], flag: string): string | undefined =>
  command[command.indexOf(flag) + 1];

/** Errors: throws commander's when the command line is wrong. */
const optionsOf = (command: Command, line: readonly string[] = []): object =>
  command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parse(line.slice(1), { from: 'user' })
    .opts();
