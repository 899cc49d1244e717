import { bringUp } from './bring-up.js';

/** For vitest run by itself; `npm test` and `npm run servers` have put everything into the environment already. */
export default async (): Promise<(() => Promise<void>) | undefined> => {
  if (['KAFKA_BROKERS', 'REDIS_ENDPOINT', 'CHROMIUM'].every((name) => process.env[name] !== undefined))
    return undefined;
  const servers = await bringUp();
  if (servers === null) throw new Error('no real servers, no integration tests: see above');
  Object.assign(process.env, servers.env);
  return servers.stop;
};
