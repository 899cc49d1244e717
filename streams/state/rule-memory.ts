import { isLeft, right } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Device } from '../model/device.js';
import type { JsonBytes } from './json/json-bytes.js';
import { memberHeads } from './json/member-heads.js';
import type { Memory, PartitionState, WriteJson } from './partition-state.js';

/** What rules of one kind remember of a device, or of a partition. */
export interface RuleStates<S> {
  /** By the index of the rule; undefined for nothing. */
  readonly byRule: (S | undefined)[];
  /** Of rules that are gone, or whose shape is another now, by rule id: as it was stored. Whoever claims this deals with them first of all. */
  readonly retired: Map<string, Retired>;
}

export interface Retired {
  readonly shape: string;
  readonly stored: unknown;
}

/** A rule, as far as its memory is concerned: what was remembered under another shape does not fit any more. */
export interface Remembering {
  readonly id: string;
  readonly index: number;
  readonly shape: string;
}

/**
 * Lets go of what rules that are gone remembered; for operators with nothing to tell of it. Done with the first record, and on every device there is: who
 * restarts later then finds the same.
 */
export const forgetRetired = (state: PartitionState, statesOf: (device: Device) => RuleStates<unknown>): void => {
  for (const device of state.devices()) {
    const { retired } = statesOf(device);
    if (retired.size === 0) continue;
    retired.clear();
    state.touch(device);
  }
};

const [closingBracket, closingBrace] = [0x5d, 0x7d];

const StoredStates = t.record(t.string, t.tuple([t.string, t.unknown]));

/**
 * A memory by rule: `{"<rule id>": [shape, stored]}`. It survives a change of the rules for each rule that has the same id and the same
 * shape as before.
 */
export const ruleMemory = <S>(of: {
  readonly name: string;
  readonly rules: readonly Remembering[];
  /** Writes one JSON value; false for what need not be stored. */
  readonly write: (state: S, rule: Remembering, json: JsonBytes) => boolean;
  readonly decode: (stored: unknown, rule: Remembering, context: t.Context) => t.Validation<S>;
}): Memory<RuleStates<S>> => {
  const { name, rules, write } = of;
  const heads = rules.map(({ id, shape }) => memberHeads(id, `[${JSON.stringify(shape)},`));
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return {
    name,
    create: () => ({ byRule: rules.map(() => undefined), retired: new Map() }),
    encode:
      ({ byRule, retired }): WriteJson =>
      (json) => {
        const begin = json.length;
        for (let i = 0; i < rules.length; i += 1) {
          const [state, rule, head] = [byRule[i], rules[i], heads[i]];
          if (state === undefined || rule === undefined || head === undefined) continue;
          const before = json.length;
          json.constant(before === begin ? head.first : head.further);
          if (write(state, rule, json)) json.sign(closingBracket);
          else json.rewind(before);
        }
        for (const [id, { shape, stored }] of retired) {
          json.text(`${json.length === begin ? '{' : ','}${JSON.stringify(id)}:${JSON.stringify([shape, stored])}`);
        }
        if (json.length === begin) return false;
        json.sign(closingBrace);
        return true;
      },
    decode: (value) => {
      const all = StoredStates.decode(value);
      if (isLeft(all)) return all;
      const states: RuleStates<S> = { byRule: rules.map(() => undefined), retired: new Map() };
      for (const [id, [shape, stored]] of Object.entries(all.right)) {
        const rule = byId.get(id);
        if (rule?.shape !== shape) {
          states.retired.set(id, { shape, stored });
          continue;
        }
        const decoded = of.decode(stored, rule, [{ key: id, type: t.unknown, actual: stored }]);
        if (isLeft(decoded)) return decoded;
        states.byRule[rule.index] = decoded.right;
      }
      return right(states);
    },
  };
};
