import { expressed } from '../../../streams/alerts/claims.js';
import type { Expression } from '../../../streams/rules/rules.js';
import { expressionText } from '../document/forms.js';
import { may } from '../document/member.js';
import type { Compiled, Condition } from './condition.js';

const keys = {
  when: may(expressionText, 'An expression that raises.'),
  until: may(expressionText, 'An expression that clears; when it is not there, `when` no longer holding does.'),
};

/** `when`, and `until`: expressions over the newest readings of a device. */
export const expression: Condition<typeof keys> = {
  name: 'when',
  shape: 'holds',
  keys,
  whyNoOn: 'an expression says itself what it looks at: leave one of on and when',
  stray: 'says nothing without when: levels clear at clear',
  compiled({ when, until }, compiling) {
    if (when === null) return null;
    const raise = compiling.expression(when, ['when']);
    const clear = until === null ? null : compiling.expression(until, ['until']);
    if (raise === null || (until !== null && clear === null)) return null;
    return compiled(raise, clear ?? opposite(raise));
  },
};

const opposite = ({ text, reads, evaluate }: Expression<boolean>): Expression<boolean> => ({
  text: `!(${text})`,
  reads,
  evaluate: (readings, facts) => !evaluate(readings, facts),
});

const compiled = (raise: Expression<boolean>, clear: Expression<boolean>): Compiled => ({
  ...expressed(raise, clear),
  remarks: [],
  remarksWithin: () => [],
  moved: () => 'is an expression: it has no levels to change; it can be switched off',
  says: ({ rule }) => `${rule}: ${raise.text}`,
});
