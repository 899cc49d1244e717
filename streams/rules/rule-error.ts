/** A rule that has no answer for a record. The record is a fault, and counts against the rule. */
export class RuleError extends Error {
  override readonly name: string = 'RuleError';

  constructor(
    readonly rule: string,
    message: string,
  ) {
    super(message);
  }
}
