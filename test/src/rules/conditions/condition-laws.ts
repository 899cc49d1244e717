import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { isNoLater } from '../../../../src/rules/compile/levels.js';
import { ruled } from '../../../../marbles/reference/rules.js';
import type { CompiledLevel, Condition, Doc } from '../../../../src/rules/conditions/condition.js';
import { alertOf } from '../../../../src/rules/document/alerts.js';
import { rulesSchema } from '../../../../src/rules/document/document.js';
import { registered } from '../../../../src/rules/kinds.js';
import type { AlertRule, Asked, Claim } from '../../../../streams/rules/rules.js';
import { device } from '../loading.js';

/** What stands in a file under the keys of a condition. */
export type Setting = Doc;

const numbers = fc.oneof(fc.integer({ min: -60, max: 160 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
const asked = (value: number, other = NaN): Asked =>
  Object.freeze({ value, readings: Object.freeze([value, other, other]), facts: device('d1') });

/** A value, now and then at an edge or next to one. */
const around = (edges: readonly number[]): fc.Arbitrary<number> =>
  edges.length === 0
    ? numbers
    : fc.oneof(numbers, fc.constantFrom(...edges.flatMap((edge) => [edge - 0.25, edge, edge + 0.25])));

/** Null is what is not there. */
const withoutNulls = (written: Doc): Doc =>
  JSON.parse(JSON.stringify(written), (_key, value: unknown) => (value === null ? undefined : value)) as Doc;

/** What holds for every kind of condition: one call in its test. `settings`: sensible ones, as the file says them. */
export const obeysConditionLaws = (condition: Condition, settings: fc.Arbitrary<Setting>): void => {
  const takesOn = condition.whyNoOn === null;
  const written = (setting: Setting) => ({ id: 'law', ...(takesOn ? { on: 'temperature' } : {}), ...setting });
  const compiled = (setting: Setting): AlertRule => {
    const isRegistered = registered.conditions.includes(condition);
    const [rule] = ruled(`alerts: [${JSON.stringify(written(setting))}]`, isRegistered ? {} : { conditions: [condition] }).alerts; // prettier-ignore
    if (rule === undefined) throw new Error('there is no rule');
    return rule;
  };
  const known = new Map<string, AlertRule>();
  const ruleOf = (setting: Setting): AlertRule => {
    const text = JSON.stringify(setting);
    const rule = known.get(text) ?? compiled(setting);
    known.set(text, rule);
    return rule;
  };
  const levelIn = ({ levels: [level] }: AlertRule): CompiledLevel => level as CompiledLevel;
  const levelOf = (setting: Setting): CompiledLevel => levelIn(ruleOf(setting));
  const docOf = (setting: Setting): Doc => {
    const decoded = alertOf([condition]).decode(written(setting));
    if (isLeft(decoded)) throw new Error('a setting does not decode');
    return decoded.right;
  };
  const edgesOf = ({ raise, clear }: CompiledLevel) => [...raise.edges, ...clear.edges];
  /** For each of many settings and values. */
  const always = (holds: (level: CompiledLevel, one: number, other: number, setting: Setting) => void): void => {
    fc.assert(
      fc.property(
        settings.chain((setting) => {
          const near = around(edgesOf(levelOf(setting)));
          return fc.tuple(fc.constant(setting), near, near);
        }),
        ([setting, one, other]) => holds(levelOf(setting), one, other, setting),
      ),
    );
  };

  it('has its keys in the schema of alerts and of levels, each with what it is for', () => {
    const schema = JSON.stringify(rulesSchema({ ...registered, conditions: [condition] }));
    for (const [key, { about }] of Object.entries(condition.keys) as [string, { about?: string }][]) {
      expect(about).toMatch(/\.$/);
      expect(schema.split(`"${key}":{"description":${JSON.stringify(about)}`)).toHaveLength(3);
    }
    expect(Object.keys(condition.keys)).toContain(condition.name);
    expect(schema).toContain(JSON.stringify({ required: [condition.name, ...(takesOn ? ['on'] : [])] }));
  });

  it('is written as it was read', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const doc = docOf(setting);
        const there = Object.entries(condition.keys).filter(([key]) => doc[key] !== null);
        const again = Object.fromEntries(there.map(([key, codec]) => [key, codec.encode(doc[key]) as unknown]));
        expect(docOf(withoutNulls(again))).toEqual(doc);
      }),
    );
  });

  it('answers by what it is asked, whatever it was asked before', () => {
    always((level, one, other, setting) => {
      const answers = ({ raise, clear }: CompiledLevel, value: number) => [raise, clear].map((claim) => claim.holds(asked(value, other))); // prettier-ignore
      const before = answers(level, one);
      answers(level, other);
      expect(answers(level, one)).toEqual(before);
      expect(answers(levelIn(compiled(setting)), one)).toEqual(before);
    });
  });

  it('never raises and clears by the same', () => {
    always(({ raise, clear }, one, other) => {
      expect(raise.holds(asked(one, other)) && clear.holds(asked(one, other))).toBe(false);
    });
  });

  it('is told in words, on one line', () => {
    always((level, value, _other, setting) => {
      const facts = { device: device('d1'), rule: 'law', metric: 'temperature', unit: '', severity: 'info', level: 0, value } as const; // prettier-ignore
      const words = [level.raise.text, level.clear.text, level.says(facts, 'it', String), ruleOf(setting).message(facts)]; // prettier-ignore
      for (const text of words) expect(text).toMatch(/^\S.*\S$/);
    });
  });

  it('is moved by a group of devices, or says why not', () => {
    always((level, to) => {
      const same = level.moved({ raise: null, clear: null });
      if (typeof same === 'string') {
        expect(same).toMatch(/^\S.*\S$/);
        return;
      }
      expect([same.raise.text, same.clear.text]).toEqual([level.raise.text, level.clear.text]);
      const moved = level.moved({ raise: to, clear: null });
      expect(typeof moved === 'string' ? [] : moved.raise.edges).toContain(to);
    });
  });

  it('has a shape that its numbers do not change: what is raised stays so when they do', () => {
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        expect(ruleOf(one).shape).toBe(ruleOf(other).shape);
      }),
      { numRuns: 20 },
    );
  });

  if (!takesOn) return;

  it('holds of no value that is none', () => {
    always(({ raise, clear }) => {
      expect([raise.holds(asked(NaN)), clear.holds(asked(NaN))]).toEqual([false, false]);
    });
  });

  it('is raised by no value that it calls calm', () => {
    always(({ raise, calm }, one) => {
      if (calm !== undefined && one >= calm[0] && one <= calm[1]) expect(raise.holds(asked(one))).toBe(false);
    });
  });

  it('changes its mind at its edges, and nowhere else', () => {
    const isBetween = ({ edges }: Claim, one: number, other: number) =>
      edges.some((edge) => edge >= Math.min(one, other) && edge <= Math.max(one, other));
    always(({ raise, clear }, one, other) => {
      for (const claim of [raise, clear])
        if (!isBetween(claim, one, other)) expect(claim.holds(asked(one))).toBe(claim.holds(asked(other)));
    });
  });

  it('takes for the further of two values one of them, and one that raises before one that does not', () => {
    always(({ raise, further }, one, other) => {
      expect([one, other]).toContain(further(one, other));
      expect(raise.holds(asked(further(one, other)))).toBe(raise.holds(asked(one)) || raise.holds(asked(other)));
    });
  });

  it('as a further step of a ladder is reached by nothing that does not reach the step before, or that is warned of', () => {
    fc.assert(
      fc.property(settings, settings, fc.nat(), (milder, worse, at) => {
        const [first, second] = [levelOf(milder), levelOf(worse)];
        if (isNoLater(second, first)) return;
        const near = [...edgesOf(first), ...edgesOf(second)].flatMap((edge) => [edge - 0.25, edge, edge + 0.25]);
        const value = near[at % near.length] ?? NaN;
        if (second.raise.holds(asked(value))) expect(first.raise.holds(asked(value))).toBe(true);
      }),
    );
  });
};
