import { bringUp } from './bring-up.js';
import { say } from './say.js';

// `npm run servers`: the servers of the tests, for work by hand.
const servers = await bringUp();
if (servers === null) process.exit(1);
say('');
for (const [name, value] of Object.entries(servers.env)) say(`export ${name}=${value}`);
say('\nUntil Ctrl-C.');
const asked = new Promise<void>((stop) => {
  const timer = setInterval(() => undefined, 60_000);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      clearInterval(timer);
      stop();
    });
});
await asked;
await servers.stop();
say('stopped');
