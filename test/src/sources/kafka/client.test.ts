import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { KafkaConfig as KafkaConfigOfClient } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import type { KafkaConfig } from '../../../../src/config/config.js';
import { createClient, loadKafka, withAdmin } from '../../../../src/sources/kafka/client.js';
import { config } from './group/fake-member.js';

const pem = (name: string): string => readFileSync(new URL(`tls/${name}.pem`, import.meta.url), 'utf8');
const ssl = { ca: null, cert: null, key: null, rejectUnauthorized: true };
const used = (): Promise<never> => Promise.reject(new Error('it connected'));

describe('connecting', () => {
  const servers: Server[] = [];
  const listening = async (server: Server): Promise<string> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  /** What a start with this configuration says; `patience` as when a broker may still come. */
  const said = (more: Partial<KafkaConfig>): Promise<unknown> =>
    withAdmin({ ...config, ...more }, used, { forMs: 60_000, betweenMs: 1 }).catch((error: unknown) => error);

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('says at once that a certificate is signed by nobody known', async () => {
    const server = createTlsServer({ key: pem('key'), cert: pem('cert') }, (socket) =>
      socket.on('error', () => undefined),
    );
    const broker = await listening(server);
    expect(await said({ brokers: [broker], ssl })).toMatchObject({
      code: 'kafka_refused',
      message: expect.stringMatching(/self-signed certificate.*check kafka\.ssl/) as string,
    });
  });

  it('soon says that TLS is spoken to a plain port, and the other way round', async () => {
    const hangsUp = await listening(
      createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.destroy())),
    );
    expect(await said({ brokers: [hangsUp], ssl })).toMatchObject({
      code: 'kafka_refused',
      message: expect.stringContaining('does the port in kafka.brokers speak TLS?') as string,
    });
    expect(await said({ brokers: [hangsUp] })).toMatchObject({
      code: 'kafka_refused',
      message: expect.stringContaining('does that listener want kafka.ssl or kafka.sasl?') as string,
    });
  });

  it('waits for a broker that is not there yet, for as long as it is told', async () => {
    const server = createServer();
    const broker = await listening(server);
    server.close();
    let tries = 0;
    const betweenMs = (): number => ++tries;
    const connecting = withAdmin({ ...config, brokers: [broker] }, used, {
      forMs: 150,
      get betweenMs() {
        return betweenMs();
      },
    });
    await expect(connecting).rejects.toMatchObject({ code: 'kafka_unreachable' });
    expect(tries).toBeGreaterThan(2);
  });

  it('gives every client credentials of its own: kafkajs writes into them, and would keep the first password', async () => {
    const library = await loadKafka();
    const given: unknown[] = [];
    class Recording extends library.Kafka {
      constructor(options: KafkaConfigOfClient) {
        super(options);
        given.push(options.sasl);
      }
    }
    const sasl = { mechanism: 'plain', username: 'weir', password: 'first' } as const;
    for (let i = 0; i < 2; i++) createClient({ ...library, Kafka: Recording }, { ...config, sasl });
    expect(given).toEqual([sasl, sasl]);
    expect(new Set([...given, sasl]).size).toBe(3);
  });
});
