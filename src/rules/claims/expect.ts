import { onOneLine } from '../cel/expression.js';
import { expressionText } from '../document/forms.js';
import type { ClaimKind } from './claim.js';

/** `expect`: an expression that must hold. Of several metrics it takes the newest, and is asked when one of them is new. */
export const expect: ClaimKind<typeof expressionText, 'record'> = {
  name: 'expect',
  codec: expressionText,
  about: 'An expression that must hold.',
  of: 'record',
  canClamp: false,
  compiled(source, _subject, compiling) {
    const expression = compiling.expression(source, ['expect']);
    if (expression === null) return null;
    const { reads, evaluate, text } = expression;
    const metric = reads.length === 1 ? (reads[0] ?? -1) : -1;
    return {
      text: onOneLine(text),
      about: reads.map((slot) => compiling.names[slot] ?? ''),
      keeps: reads.length < 2 ? [] : reads,
      edges: [],
      breachIn(asked) {
        const readings = asked.newest(reads);
        if (readings === null || evaluate(readings, asked.facts)) return null;
        return { metric, message: `${text} does not hold`, nearest: NaN };
      },
    };
  },
};
