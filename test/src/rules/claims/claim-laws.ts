import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { expect, it } from 'vitest';
import { ruled } from '../../../../marbles/reference/rules.js';
import type { ClaimKind } from '../../../../src/rules/claims/claim.js';
import { rulesSchema } from '../../../../src/rules/document/document.js';
import { checkOf } from '../../../../src/rules/document/validate.js';
import { registered } from '../../../../src/rules/kinds.js';
import type { CheckAsked, CheckClaim } from '../../../../streams/rules/rules.js';
import { device } from '../loading.js';

/** What stands in a file under the key of a claim, and under `metric` or `field`. */
export type Setting = Readonly<Record<string, unknown>>;

const names = ['temperature', 'humidity', 'battery'];
/** Eighths, of which sums and differences lose nothing. */
const eighths = fc.integer({ min: -400, max: 1_200 }).map((value) => value / 8);
const row = fc.array(fc.option(eighths, { nil: NaN, freq: 3 }), { minLength: 3, maxLength: 3 });
const records = fc.record({
  readings: row,
  kept: row,
  seconds: fc.integer({ min: -2, max: 20 }),
  type: fc.constantFrom('pump', 'fan', 'SN12', ''),
});
type Drawn = typeof records extends fc.Arbitrary<infer A> ? A : never;

/** As a check is asked; that what is not kept is never asked for is a law, too. */
const askedOf = ({ readings, kept, seconds, type }: Drawn, { keeps }: CheckClaim): CheckAsked => {
  const keptOf = (slot: number): number => {
    if (!keeps.includes(slot)) throw new Error(`slot ${slot} is not kept`);
    return kept[slot] ?? NaN;
  };
  const isRead = (slot: number): boolean => !Number.isNaN(readings[slot] ?? NaN);
  return Object.freeze({
    readings: Object.freeze([...readings]),
    eventTimeMs: 1_000 * seconds,
    facts: device('d1', { type }),
    keptOf,
    keptAtMs: (slot: number) => 0 * keptOf(slot),
    newest(slots: readonly number[]) {
      if (slots.length > 0 && !slots.some(isRead)) return null;
      const newest = readings.map((value, slot) => (slots.includes(slot) && !isRead(slot) ? keptOf(slot) : value));
      return slots.some((slot) => Number.isNaN(newest[slot] ?? NaN)) ? null : newest;
    },
  });
};

/** What holds for every kind of claim: one call in its test. `settings`: sensible ones, as the file says them. */
export const obeysClaimLaws = (kind: ClaimKind, settings: fc.Arbitrary<Setting>): void => {
  const written = (setting: Setting) => ({ id: 'law', then: 'flag', ...setting });
  const compiled = (setting: Setting): CheckClaim => {
    const more = registered.claims.includes(kind) ? {} : { claims: [kind] };
    const [rule] = ruled(`validate: [${JSON.stringify(written(setting))}]`, more).planOf(device('d1')).checks;
    if (rule === undefined) throw new Error('there is no check');
    return rule.claim;
  };
  const known = new Map<string, CheckClaim>();
  const claimOf = (setting: Setting): CheckClaim => {
    const text = JSON.stringify(setting);
    const claim = known.get(text) ?? compiled(setting);
    known.set(text, claim);
    return claim;
  };
  /** For each of many settings and records. */
  const always = (holds: (claim: CheckClaim, drawn: Drawn, other: Drawn, setting: Setting) => void): void => {
    fc.assert(
      fc.property(settings, records, records, (setting, drawn, other) => holds(claimOf(setting), drawn, other, setting)), // prettier-ignore
    );
  };

  it('has its key in the schema, with what it is for and what it needs', () => {
    const schema = JSON.stringify(rulesSchema({ ...registered, claims: [kind] }));
    expect(kind.about).toMatch(/\.$/);
    expect(schema).toContain(`"${kind.name}":{"description":${JSON.stringify(kind.about)}`);
    const required = [kind.name, ...(kind.of === 'record' ? [] : [kind.of])];
    expect(schema).toContain(`"oneOf":${JSON.stringify([{ required }])}`);
  });

  it('is written as it was read', () => {
    const docOf = (setting: Setting): Setting => {
      const decoded = checkOf([kind]).decode(written(setting));
      if (isLeft(decoded)) throw new Error('a setting does not decode');
      return decoded.right;
    };
    fc.assert(
      fc.property(settings, (setting) => {
        const doc = docOf(setting);
        expect(docOf({ ...setting, [kind.name]: kind.codec.encode(doc[kind.name]) as unknown })).toEqual(doc);
      }),
    );
  });

  it('answers by what it is asked, whatever it was asked before', () => {
    always((claim, drawn, other, setting) => {
      const before = claim.breachIn(askedOf(drawn, claim));
      claim.breachIn(askedOf(other, claim));
      expect(claim.breachIn(askedOf(drawn, claim))).toEqual(before);
      expect(compiled(setting).breachIn(askedOf(drawn, claim))).toEqual(before);
    });
  });

  it('says of a breach what it is, and of which reading', () => {
    always((claim, drawn) => {
      const breach = claim.breachIn(askedOf(drawn, claim));
      if (breach === null) return;
      expect(breach.message).toMatch(/\S/);
      expect([-1, 0, 1, 2]).toContain(breach.metric);
      if (kind.of === 'metric') expect(claim.about).toEqual([names[breach.metric]]);
      if (!kind.canClamp) expect(breach.nearest).toBeNaN();
    });
  });

  it('is told in words, and what it keeps is what it speaks of', () => {
    always((claim) => {
      expect(claim.text).toMatch(/^\S.*\S$/);
      expect(claim.about).toEqual(expect.arrayContaining(claim.keeps.map((slot) => names[slot])));
    });
  });

  if (kind.canClamp)
    it('has a nearest value that breaks nothing, and is no −0', () => {
      always((claim, drawn) => {
        const breach = claim.breachIn(askedOf(drawn, claim));
        if (breach === null) return;
        expect(breach.nearest).not.toBe(-0);
        const readings = drawn.readings.map((value, slot) => (slot === breach.metric ? breach.nearest : value));
        expect(claim.breachIn(askedOf({ ...drawn, readings }, claim))).toBeNull();
      });
    });

  if (kind.of !== 'record')
    it('is broken by nothing that is not known', () => {
      always((claim, drawn) => {
        const nothing = { ...drawn, readings: [NaN, NaN, NaN] };
        const asked = { ...askedOf(nothing, claim), facts: device('d1') };
        expect(claim.breachIn(asked)).toBeNull();
      });
    });

  it('changes its mind at its edges, and nowhere else', () => {
    always((claim, drawn, other) => {
      for (const { slot } of claim.edges) {
        const isThere = ({ readings }: Drawn) => !Number.isNaN(readings[slot] ?? NaN);
        if (!isThere(drawn) || !isThere(other)) continue;
        const [one = NaN, two = NaN] = [drawn.readings[slot], other.readings[slot]].sort((a, b) => (a ?? 0) - (b ?? 0));
        if (claim.edges.some((edge) => edge.value >= one && edge.value <= two)) continue;
        const breaks = (value: number) => claim.breachIn(askedOf({ ...drawn, readings: drawn.readings.map((v, i) => i === slot ? value : v) }, claim)) !== null; // prettier-ignore
        expect(breaks(one)).toBe(breaks(two));
      }
    });
  });
};
