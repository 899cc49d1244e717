import type { AlertFacts } from '../../streams/rules/rules.js';
import { fieldNames, profileField } from './fields.js';

/** What a template can name. */
export const placeholders: readonly string[] = [
  'device',
  'rule',
  'metric',
  'unit',
  'severity',
  'value',
  'level',
  ...fieldNames,
];

export interface BadName {
  readonly name: string;
  /** Where it stands in the template. */
  readonly index: number;
}

type Part = (facts: AlertFacts) => string;

const longestText = 128;
/** Control characters, line ends, and those that turn the direction of writing. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text from a device: one short line that can't pretend to be something else. */
const plain = (text: string): string => {
  const seen = text.replace(unseen, ' ');
  return seen.length > longestText ? `${seen.slice(0, longestText)}…` : seen;
};

/** A number as messages show it. */
export const valueText = (value: number, decimals: number | null): string => {
  if (!Number.isFinite(value)) return '–';
  if (decimals !== null) return value.toFixed(decimals);
  // Small values keep their first digits.
  return String(Math.abs(value) < 1 ? Number(value.toPrecision(2)) : Number(value.toFixed(2)));
};

const partOf = (name: string, decimals: number | null): Part => {
  switch (name) {
    case 'device':
      return ({ device }) => plain(device.id);
    case 'rule':
    case 'metric':
    case 'unit':
    case 'severity':
      return (facts) => facts[name];
    case 'value':
    case 'level':
      return (facts) => valueText(facts[name], decimals);
    default: {
      const field = profileField(name);
      return ({ device }) => plain(String(field(device.profile) ?? '–'));
    }
  }
};

/** `{{` and `}}` stand for braces; anything else in braces is a name. */
const token = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** Names in a template that stand for nothing, and braces that open or close nothing. */
export const badNames = (template: string): readonly BadName[] =>
  [...template.matchAll(token)]
    .filter(([whole, name]) => whole !== '{{' && whole !== '}}' && (name === undefined || !placeholders.includes(name)))
    .map(({ 0: whole, 1: name, index }) => ({ name: name ?? whole, index }));

/** Put together once; each name is replaced once, so braces in a device's texts stay what they are. */
export const messageOf = (template: string, decimals: number | null): ((facts: AlertFacts) => string) => {
  const parts: Part[] = [];
  let from = 0;
  for (const found of template.matchAll(token)) {
    const fixed = template.slice(from, found.index);
    if (fixed !== '') parts.push(() => fixed);
    const [whole, name] = found;
    parts.push(name === undefined ? () => whole.charAt(0) : partOf(name, decimals));
    from = found.index + whole.length;
  }
  const rest = template.slice(from);
  return (facts) => parts.map((part) => part(facts)).join('') + rest;
};
