/**
 * `npm run bench [-- --json] [-- --only CASE,CASE] [-- --records N] [-- --rounds N]`
 *
 * Every case runs in a process of its own. Rounds go through all cases in turn, so that whatever else the machine is doing
 * falls on all of them alike; what is printed are medians, and ratios within this run.
 */
import { parseArgs } from 'node:util';
import { cases } from './cases.js';
import { openGround } from './ground.js';
import { median } from './measure.js';

const usage = `npm run bench -- [options]

  --json          a line of JSON per case: case, rate (records/s), usPerRecord (whole-process CPU), rssMb (peak), cores (CPU per second)
  --only CASES    some of: ${Object.keys(cases).join(', ')}
  --records N     records per end-to-end run (default 1000000)
  --rounds N      rounds; the figures are medians (default 3)`;

const options = {
  json: { type: 'boolean', default: false },
  only: { type: 'string' },
  records: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '3' },
  help: { type: 'boolean', default: false },
};

const { values } = parseArgs({ options });
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const chosen = values.only?.split(',') ?? Object.keys(cases);
const unknown = chosen.filter((name) => !(name in cases));
if (unknown.length > 0) {
  process.stderr.write(`no such case: ${unknown.join(', ')}\n\n${usage}\n`);
  process.exit(2);
}

const say = (text) => process.stderr.write(`${text}\n`);
const ground = await openGround({ say, records: Number(values.records) });
const rounds = new Map(chosen.map((name) => [name, []]));
try {
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const name of chosen) {
      try {
        const result = await cases[name](ground);
        rounds.get(name).push(result);
        const { rate, usPerRecord, rssMb, cores } = result;
        say(
          `round ${round} ${name}: ${Math.round(rate)} records/s, ${usPerRecord.toFixed(2)} µs, ${Math.round(rssMb)} MB, ${cores.toFixed(2)} cores`,
        );
      } catch (error) {
        process.exitCode = 1;
        say(`round ${round} ${name} FAILED: ${error.message}`);
      }
    }
  }
} finally {
  await ground.close();
}

const round = (value, digits) => Number(value.toFixed(digits));
/** A case that failed in every round has no figures, and the exit code says so. */
const results = chosen
  .filter((name) => rounds.get(name).length > 0)
  .map((name) => {
    const of = (key) => median(rounds.get(name).map((result) => result[key]));
    return {
      case: name,
      rate: Math.round(of('rate')),
      usPerRecord: round(of('usPerRecord'), 3),
      rssMb: Math.round(of('rssMb')),
      cores: round(of('cores'), 3),
    };
  });
if (values.json) {
  for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`);
} else {
  console.table(results);
  for (const shape of ['flat', 'nested']) {
    const ours = results.find((result) => result.case === `e2e-${shape}`);
    for (const baseline of ['eachmessage', 'eachbatch']) {
      const theirs = results.find((result) => result.case === `baseline-${baseline}-${shape}`);
      if (ours === undefined || theirs === undefined) continue;
      process.stdout.write(
        `${shape}: ${baseline} costs ${(theirs.usPerRecord / ours.usPerRecord).toFixed(2)} times the CPU of weir\n`,
      );
    }
  }
}
