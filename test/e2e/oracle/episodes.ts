import { type AlertRule, rules } from './rules.js';

export interface Moment {
  readonly value: number;
  readonly timeMs: number;
  readonly offset: number;
}

/** One step in the life of an alert. */
export interface Step extends Omit<Moment, 'value'> {
  /** Null where no value brought it about. */
  readonly value: number | null;
  readonly version: number;
  readonly state: 'pending' | 'active' | 'recovering' | 'cleared';
  readonly severity: string;
  readonly reason: string;
}

export interface ExpectedAlert {
  readonly rule: AlertRule;
  readonly device: string;
  /** Where it was raised. */
  readonly raised: Moment;
  /** The value that took it to a worse level last, and what it then crossed: what people are told. */
  said: { readonly value: number; readonly crossed: number };
  /** All of them, also what is no longer kept; the first may be the one that made it pending. */
  readonly steps: Step[];
  /** Furthest beyond the level, up to now and up to the last step. */
  peak: number;
  peakTold: number;
}

/** A rule on a device. */
export class Episode {
  /** From 1; 0 for none. */
  level = 0;
  /** Decisions in a row that said the level should be another one, all on the same side of it. */
  run: { readonly reached: number; readonly moment: Moment }[] = [];
  alert: ExpectedAlert | null = null;
  /** How it became pending, as long as it is. */
  pending: Step | null = null;

  constructor(
    /** Another one, of other levels perhaps, once that was put in force. */
    public rule: AlertRule,
    readonly device: string,
  ) {}

  get isNormal(): boolean {
    return this.level === 0 && this.run.length === 0;
  }

  /** What the level would become if the run lasted long enough: as far as all of it went. */
  get runTo(): number {
    const all = this.run.map(({ reached }) => reached);
    return this.isRising ? Math.min(...all) : Math.max(...all);
  }

  get isRising(): boolean {
    return (this.run[0]?.reached ?? 0) > this.level;
  }

  /** Takes one more value; gives the alert when that raised one. */
  decide(moment: Moment): ExpectedAlert | null {
    const [levelBefore, wasRecovering] = [this.level, this.#isRecovering()];
    this.#weigh(this.#reachedBy(moment.value), moment);
    const reason = this.#reasonOf(levelBefore, wasRecovering);
    if (this.level === 0 && levelBefore === 0) this.pending = this.#pendingFrom(moment);
    if (this.alert !== null) this.alert.peak = this.#further(this.alert.peak, moment.value);
    if (reason === null) return null;
    const isRaised = this.alert === null;
    const alert = (this.alert ??= this.#begun(moment));
    alert.steps.push({ ...moment, ...this.#stands(alert), reason });
    if (reason === 'severity_raised') alert.said = this.#said(moment);
    alert.peakTold = alert.peak;
    if (this.level === 0) this.alert = null;
    this.pending = null;
    return isRaised ? alert : null;
  }

  /** Its rule is no more. `timeMs`: log time. */
  end(at: { readonly timeMs: number; readonly offset: number }): void {
    const { alert } = this;
    if (alert === null) return;
    const last = alert.steps.at(-1);
    const cleared = { version: (last?.version ?? 0) + 1, state: 'cleared', severity: last?.severity ?? '' } as const;
    alert.steps.push({ ...at, ...cleared, value: null, reason: 'rule_removed' });
    alert.peakTold = alert.peak;
  }

  #isRecovering(): boolean {
    return this.level > 0 && this.run.length > 0 && this.runTo === 0;
  }

  /** The worst level that a value is beyond, or that it has not come back from far enough. */
  #reachedBy(value: number): number {
    const { levels, above } = this.rule;
    const side = above ? 1 : -1;
    const reached = levels.map(({ raise, clear }, i) => {
      const isBeyond = side * value > side * raise;
      const isKept = i + 1 <= this.level && side * value > side * clear;
      return isBeyond || isKept ? i + 1 : 0;
    });
    return Math.max(0, ...reached);
  }

  #weigh(reached: number, moment: Moment): void {
    if (reached === this.level) {
      this.run = [];
      return;
    }
    const isRise = reached > this.level;
    if (this.run.length > 0 && isRise !== this.isRising) this.run = [];
    this.run.push({ reached, moment });
    const sinceMs = this.run[0]?.moment.timeMs ?? NaN;
    if (moment.timeMs - sinceMs < (isRise ? this.rule.forMs : this.rule.keepForMs)) return;
    this.level = this.runTo;
    // How much further it is now has to last anew.
    this.run = reached === this.level ? [] : [{ reached, moment }];
  }

  #reasonOf(levelBefore: number, wasRecovering: boolean): string | null {
    if (this.level > levelBefore) return levelBefore === 0 ? 'raised' : 'severity_raised';
    if (this.level < levelBefore) return this.level === 0 ? 'cleared' : 'severity_lowered';
    if (this.#isRecovering() === wasRecovering) return null;
    return wasRecovering ? 'relapsed' : 'recovering';
  }

  #pendingFrom(moment: Moment): Step | null {
    if (this.run.length === 0) return null;
    const severity = this.#severity(this.runTo);
    return this.pending ?? { ...moment, version: 0, state: 'pending', severity, reason: 'pending' };
  }

  #begun(moment: Moment): ExpectedAlert {
    return {
      rule: this.rule,
      device: this.device,
      raised: moment,
      said: this.#said(moment),
      steps: this.pending === null ? [] : [this.pending],
      peak: moment.value,
      peakTold: moment.value,
    };
  }

  #said({ value }: Moment): ExpectedAlert['said'] {
    return { value, crossed: this.rule.levels[this.level - 1]?.raise ?? NaN };
  }

  #stands({ steps }: ExpectedAlert): Pick<Step, 'version' | 'state' | 'severity'> {
    const last = steps.at(-1);
    return {
      version: (last?.version ?? 0) + 1,
      state: this.level === 0 ? 'cleared' : this.#isRecovering() ? 'recovering' : 'active',
      severity: this.level === 0 ? (last?.severity ?? '') : this.#severity(this.level),
    };
  }

  #severity(level: number): string {
    return this.rule.levels[level - 1]?.severity ?? '';
  }

  #further(peak: number, value: number): number {
    return this.rule.above ? Math.max(peak, value) : Math.min(peak, value);
  }
}

/** The steps that are kept with an alert. */
export const keptSteps = ({ steps }: ExpectedAlert): readonly Step[] => steps.slice(-rules.keptSteps);

export const isCleared = ({ steps }: ExpectedAlert): boolean => steps.at(-1)?.state === 'cleared';
