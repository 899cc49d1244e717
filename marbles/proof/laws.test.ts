import { right } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import type { Stage } from '../../streams/model/stage.js';
import type { Telemetry } from '../../streams/model/telemetry.js';
import { eachRecord } from '../../streams/operators/each-record.js';
import { anyTelemetry, type LawName, obeysStreamLaws, streamLaws } from '../kit/index.js';
import { badOnes, inMap, inState, laws, type Own, untouched } from './bad-operators.js';

const brokenBy = (operator: Own): readonly LawName[] =>
  streamLaws(operator, { runs: 40 }).flatMap(({ name, check }) => {
    try {
      check();
      return [];
    } catch {
      return [name];
    }
  });

describe('an operator that remembers in the state', () => {
  obeysStreamLaws(inState);
});

describe('a stage', () => {
  const asItIs: Stage<Telemetry, Telemetry> = (telemetry) => right(telemetry);
  obeysStreamLaws(() => eachRecord(asItIs));
});

describe('the laws catch an operator that', () => {
  for (const { what, operator, breaks, keeps } of badOnes) {
    it(what, () => {
      const broken = brokenBy(operator);
      expect(broken).toEqual(expect.arrayContaining([...breaks]));
      expect(broken.filter((name) => keeps.includes(name))).toEqual([]);
    });
  }

  it('changes what it remembers without saying so', () => {
    const crashing = streamLaws(untouched, { after: anyTelemetry }).find(({ name }) => name === laws.crash);
    expect(crashing?.check).toThrow('after crashes, the log gave something else than without');
  });
});

describe('a broken law', () => {
  it('tells what differs, and the shortest log that shows it', () => {
    const crashing = streamLaws(() => inMap(new Map())).find(({ name }) => name === laws.crash);
    expect(crashing?.check).toThrow(
      /^after crashes, the log gave something else than without\n {4}[-+] .*\n(.*\n)*the shortest log found that shows it.*\n {4}\d+ {2}1[67]\d+ {2}\{.*\}\n(.*\n)*read as \{"sizes":.*"then":\[".*"\]\}$/,
    );
  });
});
