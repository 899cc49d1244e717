import { isSameUnit } from '../../../streams/codecs/units.js';
import type { ASTNode } from './language.js';

/** Two units that meet where only like ones make sense. */
export interface Mismatch {
  readonly one: string;
  readonly other: string;
  /** Where in the text. */
  readonly index: number;
}

/** Functions whose result is of the kind of what they are given. */
const keeping: ReadonlySet<string> = new Set(['abs', 'floor', 'ceil', 'round', 'min', 'max']);

/**
 * The unit of a number that an expression gives; null where that is not known, as of products, and of what has none. Unlike ones that are compared,
 * added or subtracted go to `met`: values are as they are in their metrics, and nothing converts them.
 */
export const unitIn = (node: ASTNode, unitOf: (metric: string) => string | null, met: Mismatch[]): string | null => {
  const of = (inner: ASTNode): string | null => unitIn(inner, unitOf, met);
  const alike = (nodes: readonly ASTNode[]): string | null => {
    const [one = null, ...others] = nodes.map(of).filter((unit) => unit !== null);
    const other = others.find((unit) => one !== null && !isSameUnit(one, unit));
    if (one !== null && other !== undefined) met.push({ one, other, index: node.start });
    return other === undefined ? one : null;
  };
  switch (node.op) {
    case 'id':
      return unitOf(node.args) || null;
    case '-_':
      return of(node.args);
    case '!_':
      of(node.args);
      return null;
    case '+':
      return alike(node.args);
    case '-':
      // A difference of temperatures is no temperature.
      alike(node.args);
      return null;
    case '?:': {
      const [asked, ...answers] = node.args;
      of(asked);
      return alike(answers);
    }
    case 'call': {
      const [name, given] = node.args;
      if (keeping.has(name)) return alike(given);
      given.forEach(of);
      return null;
    }
    case '&&':
    case '||':
    case '*':
    case '/':
    case '%':
      node.args.forEach(of);
      return null;
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      alike(node.args);
      return null;
    case 'value':
    case '.':
    case 'in':
    case 'rcall':
    case 'list':
    case 'map':
    case '[]':
    case '[?]':
    case '.?':
      return null;
  }
};
