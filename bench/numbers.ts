/** Numbers as JSON, by hand and by the engine: `node --import tsx bench/numbers.ts`. Prints ns a number, the least of 300 rounds of 1,000. */
import { mostDigits, writeNumber } from '../streams/state/json/number-bytes.js';

const chance = (at: number): number => ((Math.imul(at + 1, 0x9e3779b1) >>> 0) % 1_000_003) / 1_000_003;
const thousand = (of: (at: number) => number): readonly number[] => Array.from({ length: 1_000 }, (_, at) => of(at));
const kinds = {
  'whole, below 60,000': thousand((at) => Math.floor(chance(at) * 60_000)),
  'two decimals, below 100': thousand((at) => Math.floor(chance(at) * 10_000) / 100),
  'seventeen digits': thousand((at) => chance(at) * 9_999 + 1 / 3),
  'epoch milliseconds': thousand((at) => 1_764_169_000_123 + at * 997),
};

const bytes = Buffer.alloc(mostDigits);
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const leastNs = (work: () => void): number => {
  let least = Infinity;
  for (let round = 0; round < 300; round += 1) {
    const startedAt = process.hrtime.bigint();
    work();
    least = Math.min(least, Number(process.hrtime.bigint() - startedAt) / 1_000);
  }
  return Math.round(least * 10) / 10;
};

for (const [kind, numbers] of Object.entries(kinds)) {
  const byHand = leastNs(() => {
    for (const number of numbers) writeNumber(view, 0, number);
  });
  const byEngine = leastNs(() => JSON.stringify(numbers));
  process.stdout.write(`${JSON.stringify({ kind, byHand, byEngine })}\n`);
}
