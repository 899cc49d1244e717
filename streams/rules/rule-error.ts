/** A rule that has no answer for a record. It counts against the rule; what becomes of the record is up to the operator that asked. */
export class RuleError extends Error {
  override readonly name: string = 'RuleError';

  constructor(
    readonly rule: string,
    message: string,
  ) {
    super(message);
  }
}
