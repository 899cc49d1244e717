import type { CheckClaim, CheckRule } from '../../../streams/rules/rules.js';
import type { ClaimKind } from '../claims/claim.js';
import type { CheckDoc } from '../document/validate.js';
import { listed } from '../document/member.js';
import type { Entry } from '../findings.js';
import { type Bound, compilingAt, type Scope, slotOf } from './scope.js';

export const checksOf = (entries: readonly Entry<CheckDoc>[], scope: Scope): readonly Bound<CheckRule>[] =>
  entries.flatMap(({ value, place }, index): readonly Bound<CheckRule>[] => {
    const { id, then, counted } = value;
    const kind = scope.kinds.claims.find(({ name }) => claimed(value, name) !== null);
    const claim = kind === undefined ? null : claimIn(kind, { value, place }, scope);
    if (then === 'clamp' && kind?.canClamp !== true) {
      const some = scope.kinds.claims.filter(({ canClamp }) => canClamp).map(({ name }) => name);
      scope.findings.fault(place, ['then'], `only ${listed(some, 'and')} have a nearest allowed value`, {
        expected: 'reject or flag',
        found: 'clamp',
      });
    }
    if (then !== 'flag' && !counted)
      scope.findings.warn(place, ['counted'], `says nothing: what is ${then}ed bears no flag`);
    if (claim === null) return [];
    const rule: CheckRule = { id, index, then, isCounted: counted, claim };
    return [{ rule, selector: scope.selectors.placeOf(value.match), place }];
  });

const claimed = (value: Readonly<Record<string, unknown>>, name: string): unknown => value[name] ?? null;

const claimIn = (kind: ClaimKind, { value, place }: Entry<CheckDoc>, scope: Scope): CheckClaim | null => {
  const { metric, field } = value;
  const slot = metric === null ? null : slotOf(scope, metric, place, ['metric']);
  const subject = { metric: slot, field, record: null }[kind.of];
  return subject === null && kind.of !== 'record'
    ? null
    : kind.compiled(claimed(value, kind.name), subject, compilingAt(scope, place));
};
