import type { Admin, Kafka, KafkaConfig as KafkaJsConfig, RetryOptions } from 'kafkajs';
import type { KafkaConfig } from '../../config/config.js';
import { ServiceError } from '../../service-error.js';
import { shrinkers } from './wire/compression/codecs.js';
import { zstdReady } from './wire/compression/zstd.js';
import { asKafkaFault, refusal, wasHungUpOn } from './faults.js';
import { framedSocket } from './wire/framed-socket.js';
import { installPatch } from './wire/patch.js';

/** What every connection needs to know. */
export type ConnectionConfig = Pick<KafkaConfig, 'brokers' | 'clientId' | 'ssl' | 'sasl'>;

type Library = typeof import('kafkajs');

/** kafkajs' own text encoder; its buffer is what is compressed. */
interface Encoder {
  readonly buffer: Buffer;
}

/**
 * kafkajs, patched, with all codecs.
 * Errors: rejects with `ServiceError` `internal` on another version than the patch is made for.
 */
export const loadKafka = async (): Promise<Library> => {
  installPatch();
  await zstdReady();
  const { default: library } = await import('kafkajs');
  for (const [codec, shrink] of Object.entries(shrinkers)) {
    Reflect.set(library.CompressionCodecs, codec, () => ({
      compress: (encoder: Encoder) => Promise.resolve(shrink(encoder.buffer)),
      decompress: () => Promise.reject(new Error('record sets are decoded outside of kafkajs')),
    }));
  }
  return library;
};

/** Complete, because kafkajs picks other defaults when it finds itself in a test run. */
export const patientRetry: RetryOptions = {
  initialRetryTime: 200,
  factor: 0.2,
  multiplier: 2,
  maxRetryTime: 2_000,
  retries: 15,
};
const oneTry: RetryOptions = { ...patientRetry, retries: 0 };

/**
 * A client of its own literals all the way down: kafkajs writes into the `sasl` object it is given and would keep the first
 * password for ever. It logs nothing: what matters is told through the service's own events.
 */
export const createClient = ({ Kafka }: Library, config: ConnectionConfig, retry: RetryOptions = patientRetry): Kafka =>
  new Kafka({
    clientId: config.clientId,
    brokers: [...config.brokers],
    connectionTimeout: 3_000,
    authenticationTimeout: 10_000,
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    retry: { ...retry },
    logCreator: () => () => undefined,
    ...(config.ssl === null && { socketFactory: framedSocket }),
    ...tlsOf(config),
    ...signInOf(config),
  });

const tlsOf = ({ ssl }: ConnectionConfig): Pick<KafkaJsConfig, 'ssl'> =>
  ssl === null
    ? {}
    : {
        ssl: {
          rejectUnauthorized: ssl.rejectUnauthorized,
          ...(ssl.ca === null ? {} : { ca: ssl.ca }),
          ...(ssl.cert === null ? {} : { cert: ssl.cert }),
          ...(ssl.key === null ? {} : { key: ssl.key }),
        },
      };

const signInOf = ({ sasl }: ConnectionConfig): Pick<KafkaJsConfig, 'sasl'> => {
  if (sasl === null) return {};
  const { mechanism, username, password } = sasl;
  switch (mechanism) {
    case 'plain':
      return { sasl: { mechanism: 'plain', username, password } };
    case 'scram-sha-256':
      return { sasl: { mechanism: 'scram-sha-256', username, password } };
    case 'scram-sha-512':
      return { sasl: { mechanism: 'scram-sha-512', username, password } };
  }
};

export interface Patience {
  /** How long a broker that can't be reached is waited for. */
  readonly forMs: number;
  readonly betweenMs: number;
}

const startPatience: Patience = { forMs: 20_000, betweenMs: 500 };

/**
 * Connects an admin client for `use` and closes it again. A broker that isn't there yet is waited for; a mistake in the
 * configuration is said at once.
 * Errors: rejects with `ServiceError` `kafka_refused` or `kafka_unreachable`, or whatever `use` rejects with.
 */
export const withAdmin = async <A>(
  config: ConnectionConfig,
  use: (admin: Admin) => Promise<A>,
  patience = startPatience,
): Promise<A> => {
  const library = await loadKafka();
  const admin = await connectedAdmin(library, config, patience);
  try {
    return await use(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

const connectedAdmin = async (library: Library, config: ConnectionConfig, patience: Patience): Promise<Admin> => {
  const doing = `connecting to Kafka at ${config.brokers.join(', ')}`;
  const deadline = performance.now() + patience.forMs;
  for (let hungUp = 0; ;) {
    const admin = createClient(library, config, oneTry).admin({ retry: { ...patientRetry, retries: 5 } });
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      await admin.disconnect().catch(() => undefined);
      if (wasHungUpOn(error) && ++hungUp > 2)
        throw new ServiceError('kafka_refused', hungUpWords(doing, config), { cause: error });
      if (refusal(error) !== null || performance.now() >= deadline) throw asKafkaFault(error, doing);
      await new Promise((resolve) => setTimeout(resolve, patience.betweenMs));
    }
  }
};

const hungUpWords = (doing: string, { ssl, sasl }: ConnectionConfig): string => {
  const missing = [...(ssl === null ? ['kafka.ssl'] : []), ...(sasl === null ? ['kafka.sasl'] : [])];
  const wants = missing.length === 0 ? [] : [`does that listener want ${missing.join(' or ')}?`];
  const speaks = ssl === null ? [] : ['does the port in kafka.brokers speak TLS?'];
  return `${doing}: the broker hangs up as soon as it is spoken to; ${[...speaks, ...wants].join(' ')}`;
};
