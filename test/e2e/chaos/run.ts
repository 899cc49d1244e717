import { parseArgs } from 'node:util';
import { bringUp } from '../../servers/bring-up.js';
import { built } from '../../servers/built.js';
import { say, sayLoudly } from '../../servers/say.js';
import { seedOf } from './chance.js';
import { trial } from './trial.js';

// `npm run chaos`: the end-to-end trial over and over, each time on a fresh topic and with the next seed, until the time is over or
// something is wrong. Ends with 1 at the first difference.

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    records: { type: 'string', default: '200000' },
    rate: { type: 'string', default: '4500' },
    devices: { type: 'string', default: '1000' },
  },
});

const whole = (name: 'minutes' | 'records' | 'rate' | 'devices'): number => {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} must be a whole number, not ${values[name]}`);
  return value;
};

const rounds = async (brokers: string, redis: string): Promise<boolean> => {
  const sizes = { records: whole('records'), ratePerSecond: whole('rate'), devices: whole('devices') };
  const deadline = performance.now() + whole('minutes') * 60_000;
  let seed = seedOf(values.seed);
  let total = 0;
  for (let round = 1; round === 1 || performance.now() < deadline; round += 1) {
    say(`\nround ${round}`);
    const { verdict, faults } = await trial({ brokers, redis, seed, ...sizes, tell: say });
    total += verdict.records;
    if (faults.length > 0) {
      sayLoudly([`${faults.length} faults with seed ${seed}`, ...faults.slice(0, 50)]);
      return false;
    }
    say(`${total} records in ${round} rounds, no difference`);
    seed += 1;
  }
  return true;
};

const isFine = async (): Promise<boolean> => {
  if (!(await built())) return false;
  const servers = await bringUp();
  if (servers === null) return false;
  try {
    return await rounds(servers.env['KAFKA_BROKERS'] ?? '', servers.env['REDIS_ENDPOINT'] ?? '');
  } finally {
    await servers.stop();
  }
};

process.exitCode = (await isFine()) ? 0 : 1;
