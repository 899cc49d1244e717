import type { Offset, TopicPartition } from '../../../../streams/model/units.js';
import type { KafkaConfig } from '../../../config/config.js';
import type { Report } from '../../../events.js';
import { ServiceError } from '../../../service-error.js';
import { CrashAlarm } from './crash-alarm.js';
import { asKafkaFault, refusal, wordsOf } from '../faults.js';
import type { FetchedBatch } from '../wire/fetched-batch.js';
import type { Member, MemberListener } from './member.js';
import { beginning, supervise, type Action, type Signal, type Supervision } from './supervisor.js';

export interface MembershipParts {
  readonly config: KafkaConfig;
  readonly report: Report;
  readonly createMember: (config: KafkaConfig, listener: MemberListener) => Promise<Member>;
  readonly nowMs: () => number;
}

/** Told what becomes of the membership. None of these may throw. */
export interface MembershipListener extends Pick<MemberListener, 'joined' | 'fetched'> {
  /** Nothing is assigned any more. */
  lost(): void;
  /** For how long the most silent partition has brought nothing although it should, ms. */
  silentForMs(): number;
  /** Every bounded try is used up. */
  gaveUp(error: ServiceError): void;
}

const watchEveryMs = 1_000;
/** A partition from which nothing was heard for that long, or a member that did not beat, is not going to recover. */
const silentMs = 60_000;
const leaveWithinMs = 5_000;

/** Keeps one living consumer in the group: watches it, and makes another one when it is dead, a bounded number of times. */
export class Membership implements MemberListener {
  readonly #alarm: CrashAlarm;
  #member: Member | null = null;
  #supervision: Supervision;
  #rebuilding: Promise<void> = Promise.resolve();
  #watching: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(
    private readonly parts: MembershipParts,
    private readonly listener: MembershipListener,
  ) {
    this.#alarm = new CrashAlarm(parts.report, parts.nowMs);
    this.#supervision = beginning(parts.nowMs());
  }

  /** Null while there is none. */
  get member(): Member | null {
    return this.#member;
  }

  get state(): Supervision {
    return this.#supervision;
  }

  /** Errors: rejects with `ServiceError` when the group can't be joined. */
  async start(): Promise<void> {
    this.#watching = setInterval(() => this.watch(), watchEveryMs);
    try {
      await this.#make();
    } catch (error) {
      await this.close();
      throw asKafkaFault(error, `joining the consumer group ${this.parts.config.groupId}`);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#watching !== null) clearInterval(this.#watching);
    await this.#rebuilding;
    await this.#member?.close(leaveWithinMs);
    this.#member = null;
  }

  /** One look at whether everything lives; called by a timer. */
  watch(): void {
    const silence = this.listener.silentForMs();
    const memberSilence = this.#member?.silentForMs ?? 0;
    if (silence > silentMs) {
      this.#signal({ _tag: 'stalled', why: `nothing was heard of a partition for ${Math.round(silence / 1000)} s` });
    } else if (memberSilence > Math.max(silentMs, this.parts.config.sessionTimeoutMs * 2)) {
      this.#signal({
        _tag: 'stalled',
        why: `the group has not heard from this consumer for ${Math.round(memberSilence / 1000)} s`,
      });
    }
    this.#signal({ _tag: 'tick' });
  }

  joined(assigned: readonly TopicPartition[]): void {
    this.#signal({ _tag: 'joined' });
    this.listener.joined(assigned);
  }

  crashed(error: unknown, willRestart: boolean): void {
    const why = wordsOf(error);
    this.listener.lost();
    this.#alarm.crashed(why, willRestart);
    this.#signal({ _tag: 'crashed', why, willRestart, refused: refusal(error) });
  }

  fetched(batch: FetchedBatch): Promise<Offset | null> {
    return this.listener.fetched(batch);
  }

  async #make(): Promise<void> {
    this.#member = await this.parts.createMember(this.parts.config, this);
    this.#signal({ _tag: 'starting' });
    await this.#member.join();
  }

  #signal(signal: Signal): void {
    const [next, action] = supervise(this.#supervision, signal, this.parts.nowMs());
    this.#supervision = next;
    this.#act(action);
  }

  #act(action: Action): void {
    switch (action._tag) {
      case 'none':
        return;
      case 'rebuild':
        this.parts.report({ _tag: 'source_rebuilt', attempt: action.attempt, why: action.why });
        this.#rebuilding = this.#rebuilding.then(() => this.#rebuild(action.afterMs));
        return;
      case 'give_up':
        this.#rebuilding = this.#rebuilding.then(() => this.#giveUp(action.why));
    }
  }

  /** Never rejects. A member that could not leave must expire first: a newcomer before that holds up the whole group. */
  async #rebuild(afterMs: number): Promise<void> {
    this.listener.lost();
    const hasLeft = (await this.#member?.close(leaveWithinMs)) ?? true;
    this.#member = null;
    const waitMs = hasLeft ? afterMs : Math.max(afterMs, this.parts.config.sessionTimeoutMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (this.#isClosed) return;
    try {
      await this.#make();
    } catch (error) {
      this.#signal({ _tag: 'rebuild_failed', why: wordsOf(error), refused: refusal(error) });
    }
  }

  async #giveUp(why: string): Promise<void> {
    this.listener.lost();
    await this.#member?.close(leaveWithinMs);
    const topics = this.parts.config.topics.join(', ');
    this.listener.gaveUp(
      new ServiceError('kafka_gave_up', `gave up reading ${topics}: ${why}; look at the brokers, then start again`),
    );
  }
}
