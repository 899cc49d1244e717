/** One case in a process of its own: `node --import tsx bench/rules/one.ts CASE`. Prints ns of CPU a record, and bytes a device. */
import { ignoreElements, lastValueFrom, from, type Observable } from 'rxjs';
import { defaultConfig } from '../../src/config/defaults.js';
import { loadRules, rulesFromTexts } from '../../src/rules/load.js';
import { Simulator } from '../../src/simulator/simulator.js';
import { type Chunk, chunkOf } from '../../streams/model/chunk.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import { asOffset } from '../../streams/model/units.js';
import { eachRecord } from '../../streams/operators/each-record.js';
import { devicePipeline } from '../../streams/pipeline.js';
import { settingsUnder } from '../../streams/rules/settings.js';
import { parse } from '../../streams/stages/parse.js';
import { PartitionState } from '../../streams/state/partition-state.js';
import { metricsText, ruleCases } from './cases.js';

const source = { topic: 'bench', partition: 0 };
/** Each device once a second, for ten minutes. */
const [devices, everyMs, records, warm, perChunk] = [200, 1_000, 120_000, 40_000, 500];

const name = process.argv[2] ?? '';
const text = ruleCases.get(name);
if (text === undefined) throw new Error(`no such case: ${name}`);
const made =
  text === null
    ? loadRules(null)
    : rulesFromTexts([{ name, text: text.startsWith('version') ? text : metricsText + text }]);
if (made._tag === 'Left') throw new Error(made.left.map(({ problem }) => problem).join('\n'));
const settings = settingsUnder(made.right.rules, defaultConfig().pipeline);

const simulator = new Simulator({
  devices,
  seed: 1,
  shape: 'flat',
  shares: { bad: 0, late: 0, future: 0, duplicate: 0 },
  startMs: Date.UTC(2026, 0, 5, 8),
  stepMs: everyMs / devices,
});
const chunks = Array.from({ length: records / perChunk }, (_, chunk) => {
  const raw = Array.from({ length: perChunk }, (_record, i) =>
    RawRecord.of({ ...simulator.next(), offset: asOffset(chunk * perChunk + i) }),
  );
  return chunkOf(source, raw, asOffset((chunk + 1) * perChunk));
});

const state = PartitionState.empty(source);
/** CPU from behind the warm-up to the end. */
let before = process.cpuUsage();
function* fed(): Generator<Chunk<RawRecord>> {
  for (const [i, chunk] of chunks.entries()) {
    if (i === warm / perChunk) before = process.cpuUsage();
    yield chunk;
  }
}
const chunks$ = from(fed());
const outcomes$: Observable<unknown> =
  name === 'parsing'
    ? chunks$.pipe(eachRecord(parse(settings, state), 'parse'))
    : chunks$.pipe(devicePipeline(settings, state));
await lastValueFrom(outcomes$.pipe(ignoreElements()), { defaultValue: null });
const { user, system } = process.cpuUsage(before);

const snapshot = state.snapshot().devices;
const bytes = snapshot.bytes.length;
process.stdout.write(
  JSON.stringify({
    ns: ((user + system) * 1_000) / (records - warm),
    bytes: snapshot.length === 0 ? 0 : bytes / snapshot.length,
  }),
);
