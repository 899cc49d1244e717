/**
 * Holds the imports to `.dependency-cruiser.cjs`. Fails, too, when next to nothing was looked at: with a compiler it does not know,
 * dependency-cruiser reads no TypeScript and is content.
 */
import { createRequire } from 'node:module';
import { cruise, format } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const fewest = 200;
const { options, ...ruleSet } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const found = await cruise(
  ['src', 'streams', 'marbles'],
  { ...options, ruleSet, validate: true },
  options.enhancedResolveOptions,
  { tsConfig: extractTSConfig(options.tsConfig.fileName) },
);
const told = await format(found.output, { outputType: 'err-long' });
process.stdout.write(told.output);
const seen = found.output.summary.totalCruised;
if (seen < fewest) process.stdout.write(`only ${seen} modules were looked at: the rules were not really checked\n`);
process.exitCode = told.exitCode > 0 || seen < fewest ? 1 : 0;
