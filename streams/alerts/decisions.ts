import { isRight } from 'fp-ts/lib/Either.js';
import type { Draft } from '../chunks/draft.js';
import type { Evidence } from '../model/alert.js';
import type { Device } from '../model/device.js';
import type { Offset, TopicPartition } from '../model/units.js';
import type { Planned } from '../rules/planner.js';
import type { AlertRule, DeviceFacts, Rules } from '../rules/rules.js';
import type { PartitionState } from '../state/partition-state.js';
import type { RuleStates } from '../state/rule-memory.js';
import { continued, ended, type Episode, StoredEpisode } from './episode.js';
import { episodeMemory } from './episode-memory.js';
import { Floods } from './floods.js';

/** When and where a rule decides, and on what. */
export interface Decision {
  readonly source: TopicPartition;
  readonly atMs: number;
  readonly offset: Offset;
  readonly device: Device;
  readonly facts: DeviceFacts;
  readonly value: number;
  readonly evidence: Evidence | null;
}

/** The episodes of a partition's devices: what rules decide on them, and what becomes of those whose rule is gone. */
export class Decisions {
  readonly #episodesOf: (device: Device) => RuleStates<Episode>;
  readonly #floods: Floods;
  /** How often each rule has decided with the record under way. */
  readonly #turns = { offset: -1, byRule: new Map<string, number>() };
  /** Set once what was remembered of rules that are no more has been ended. */
  #isReconciled = false;

  constructor(
    readonly rules: Rules,
    readonly state: PartitionState,
    maxAheadMs: number,
  ) {
    this.#episodesOf = state.ofDevice(episodeMemory(rules));
    const isGuarded = rules.alerts.some(({ flood }) => flood !== null);
    this.#floods = new Floods(state, isGuarded, maxAheadMs);
  }

  /** Lets log time pass. */
  pass(timestampMs: number, offset: Offset, draft: Draft<unknown>): void {
    this.#floods.see(timestampMs, offset, draft);
  }

  /** What a rule decides when its levels are reached up to `asked`. */
  decide(
    rule: AlertRule,
    episodes: RuleStates<Episode>,
    asked: number,
    { source, atMs, offset, device, facts, value, evidence }: Decision,
    draft: Draft<unknown>,
  ): void {
    const episode = episodes.byRule[rule.index];
    const isHeld = (episode?.standing.level ?? 0) > 0;
    const reached = isHeld || asked === 0 || rule.isScheduled(atMs) ? asked : 0;
    if (reached === 0 && episode === undefined) return;
    const turn = rule.input._tag === 'window' ? this.#turnOf(rule, device, offset) : 0;
    const { metric, unit } = this.#named(rule);
    // Member by member: members added to a spread cost microseconds, for each record of a device that is not normal.
    const occasion = { device: facts, source, atMs, offset, value, metric, unit, evidence, turn };
    const { episode: next, told } = continued(rule, episode, reached, occasion);
    if (next === episode) return;
    this.state.touch(device);
    if (told?.reason !== 'raised' || rule.flood === null) {
      episodes.byRule[rule.index] = next ?? undefined;
      if (told !== null) draft.addAlert(told);
      return;
    }
    const group = rule.flood.groupOf(facts);
    const summary = this.#floods.raised(rule.flood, { source, atMs, offset, group, severity: told.severity });
    const raised = summary === null ? told : { ...told, flood: summary.id };
    episodes.byRule[rule.index] = next === null ? undefined : { ...next, alert: raised };
    draft.addAlert(raised);
    if (summary !== null) draft.addAlert(summary);
  }

  /** Counts the windows that a rule has decided on at one record of a device: several may end with it. */
  #turnOf({ id }: AlertRule, device: Device, offset: Offset): number {
    if (this.#turns.offset !== offset) {
      this.#turns.offset = offset;
      this.#turns.byRule.clear();
    }
    const key = `${id}@${device.id}`;
    const turn = this.#turns.byRule.get(key) ?? 0;
    this.#turns.byRule.set(key, turn + 1);
    return turn;
  }

  #named({ input }: AlertRule): { readonly metric: string; readonly unit: string } {
    if (input._tag === 'device') return { metric: '', unit: '' };
    const metric = this.rules.metrics[input.metric];
    // A score has no unit; nor has a count, but that much is not worth a column.
    return { metric: metric?.name ?? '', unit: input._tag === 'detector' ? '' : (metric?.unit ?? '') };
  }

  /** Ends episodes of rules that no longer match the device. */
  endOthers(
    device: Device,
    planned: Planned,
    { atMs, offset }: Pick<Decision, 'atMs' | 'offset'>,
    draft: Draft<unknown>,
  ): void {
    planned.isSettled = true;
    const episodes = this.#episodesOf(device);
    for (const [index, episode] of episodes.byRule.entries()) {
      if (episode === undefined || planned.plan.alerts.some((rule) => rule.index === index)) continue;
      episodes.byRule[index] = undefined;
      this.state.touch(device);
      if (episode.alert !== null) draft.addAlert(ended(episode.alert, 'no_longer_matches', atMs, offset));
    }
  }

  /** Once: ends episodes of rules that are not there any more. In order of device id, whatever order devices became known in. */
  reconcile(logMs: number, offset: Offset, draft: Draft<unknown>): void {
    if (this.#isReconciled) return;
    this.#isReconciled = true;
    const left: (readonly [Device, RuleStates<Episode>])[] = [];
    for (const device of this.state.devices()) {
      const episodes = this.#episodesOf(device);
      if (episodes.retired.size > 0) left.push([device, episodes]);
    }
    left.sort(([a], [b]) => (a.id < b.id ? -1 : 1));
    for (const [device, { retired }] of left) {
      for (const { stored } of retired.values()) {
        const episode = StoredEpisode.decode(stored);
        if (isRight(episode) && episode.right.alert !== null)
          draft.addAlert(ended(episode.right.alert, 'rule_removed', logMs, offset));
      }
      retired.clear();
      this.state.touch(device);
    }
  }
}
