import type { ClaimKind } from './claims/claim.js';
import { claims } from './claims/registry.js';
import type { Condition } from './conditions/condition.js';
import { conditions } from './conditions/registry.js';

/** The kinds of which entries of the rules file can be. */
export interface Kinds {
  /** Of alerts. */
  readonly conditions: readonly Condition[];
  /** Of checks. */
  readonly claims: readonly ClaimKind[];
}

/** Those that there are. */
export const registered: Kinds = { conditions, claims };
