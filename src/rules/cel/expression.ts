import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { RuleError } from '../../../streams/rules/rule-error.js';
import type { DeviceFacts, Expression } from '../../../streams/rules/rules.js';
import type { CelFault, Language } from './language.js';
import { NotTranslated, type Part, translate } from './translate.js';

interface Asked {
  readonly text: string;
  /** Who is named when it fails. */
  readonly rule: string;
  readonly tagsOf: (facts: DeviceFacts) => readonly string[];
}

/** An expression as it is read beside others. */
export const onOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `isConstant`: it reads nothing, and says the same of everything. */
type Claimed = Expression<boolean> & { readonly isConstant: boolean };

export const claimOf = (language: Language, asked: Asked): Either<CelFault, Claimed> => {
  const made = partOf(language, asked);
  if (isLeft(made)) return made;
  const { part, reads, isConstant } = made.right;
  if (part.kind !== 'bool') return left(wrongKind('a claim that is true or false is needed', part));
  return right({ text: asked.text, reads, evaluate: part.of, isConstant });
};

export const formulaOf = (language: Language, asked: Asked): Either<CelFault, Expression<number>> => {
  const made = partOf(language, asked);
  if (isLeft(made)) return made;
  const { part, reads } = made.right;
  if (part.kind !== 'number') return left(wrongKind('a number is needed', part));
  const { of } = part;
  return right({
    text: asked.text,
    reads,
    evaluate: (readings, facts) => {
      const value = of(readings, facts);
      // Never −0, which would be written as 0 and read back as another number.
      if (Number.isFinite(value)) return value + 0;
      throw unanswered(asked, 'its result is no finite number');
    },
  });
};

/** An expression that has no answer for a record counts against its rule. */
const unanswered = ({ rule, text }: Pick<Asked, 'rule' | 'text'>, why: string): RuleError =>
  new RuleError(rule, `rule ${rule}: ${why}: ${text}`);

const wrongKind = (needed: string, { kind }: Part): CelFault => ({
  problem: `${needed}, and this is ${kind === 'number' ? 'a number' : kind === 'text' ? 'a text' : 'true or false'}`,
  index: 0,
  unknown: null,
});

const partOf = (
  language: Language,
  { text, rule, tagsOf }: Asked,
): Either<CelFault, { readonly part: Part; readonly reads: readonly number[]; readonly isConstant: boolean }> => {
  const checked = language.checked(text);
  if (isLeft(checked)) return checked;
  const reads = new Set<number>();
  const fields = new Set<string>();
  const fail = (why: string): never => {
    throw unanswered({ rule, text }, why);
  };
  try {
    const part = translate(checked.right.ast, { slots: language.metrics, reads, fields, tagsOf, fail });
    const isConstant = reads.size === 0 && fields.size === 0;
    return right({ part, reads: [...reads].sort((a, b) => a - b), isConstant });
  } catch (error) {
    if (error instanceof NotTranslated) return left({ problem: error.message, index: error.index, unknown: null });
    throw error;
  }
};
