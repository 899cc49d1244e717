import type { Bend, SimulatedDevice } from './device.js';
import { Random } from './random.js';
import { signalKinds, type SignalName } from './signal.js';

/** What goes wrong with sensors: one reading far off, the same reading again and again, a slow way off, and nothing at all. */
export const faultKinds = ['spike', 'stuck', 'drift', 'silence'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A fault that was planted, so that what finds it can be held to it. Event times, epoch ms. */
export interface PlantedFault {
  readonly device: string;
  readonly kind: FaultKind;
  /** Null for silence, which is of all of them. */
  readonly metric: SignalName | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A device has at most one fault in each span of event time. */
const spanMs = 300_000;
/** Beyond them faults are planted and not listed. */
const mostListed = 10_000;
/** Sets its chance apart from that of readings: with faults, all else is as without. */
const salt = 0x6661756c;

/** Faults of a fleet: in each five minutes of event time a share of the devices has one. Everything hangs on seed, start and device. */
export class Faults {
  readonly #spans = new Map<number, { readonly span: number; readonly fault: Fault | null }>();
  readonly #listed: PlantedFault[] = [];
  readonly #counts = new Map<FaultKind, number>();

  constructor(
    private readonly share: number,
    private readonly seed: number,
    private readonly startMs: number,
  ) {}

  /** The one that a device has at a moment; null when it is well. */
  at(device: SimulatedDevice, atMs: number): Fault | null {
    const span = Math.floor((atMs - this.startMs) / spanMs);
    const known = this.#spans.get(device.index);
    const { fault } = known?.span === span ? known : this.#drawn(device, span);
    if (fault === null || atMs < fault.planted.fromMs || atMs >= fault.planted.toMs) return null;
    if (!fault.isListed) this.#list(fault);
    return fault;
  }

  /** Those that came to be, in order. */
  get listed(): readonly PlantedFault[] {
    return this.#listed;
  }

  get counts(): Readonly<Partial<Record<FaultKind, number>>> {
    return Object.fromEntries(this.#counts);
  }

  #drawn(device: SimulatedDevice, span: number): { readonly span: number; readonly fault: Fault | null } {
    const random = new Random(this.seed, device.index, span, salt);
    const isPlanted = random.next() < this.share;
    const drawn = { span, fault: isPlanted ? this.#fault(device, span, random) : null };
    this.#spans.set(device.index, drawn);
    return drawn;
  }

  #fault(device: SimulatedDevice, span: number, random: Random): Fault {
    // A switch of the nested format has no reading that could be off.
    const isSilent = device.shape === 'nested' && device.type === 'switch';
    const kind = isSilent ? 'silence' : (faultKinds[random.whole(0, faultKinds.length - 1)] ?? 'spike');
    const fromMs = Math.floor(this.startMs + (span + random.between(0.1, 0.4)) * spanMs);
    const toMs = Math.floor(fromMs + random.between(0.3, 0.5) * spanMs);
    return new Fault({ device: device.id, kind, metric: kind === 'silence' ? null : device.afflicted, fromMs, toMs });
  }

  #list(fault: Fault): void {
    fault.isListed = true;
    const { kind } = fault.planted;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (this.#listed.length < mostListed) this.#listed.push(fault.planted);
  }
}

/** One fault of one device. */
export class Fault implements Bend {
  isListed = false;
  /** Of a spike the one event time that is off; of a stuck sensor what it shows. */
  #spikeMs: number | null = null;
  #shown: number | null = null;

  constructor(readonly planted: PlantedFault) {}

  get isSilence(): boolean {
    return this.planted.kind === 'silence';
  }

  bent(value: number, atMs: number): number {
    const { kind, metric, fromMs, toMs } = this.planted;
    if (metric === null) return value;
    const { excursion, min, max } = signalKinds[metric];
    switch (kind) {
      case 'spike':
        this.#spikeMs ??= atMs;
        return atMs === this.#spikeMs ? Math.min(max, Math.max(min, value + 1.5 * excursion)) : value;
      case 'stuck':
        return (this.#shown ??= value);
      case 'drift':
        return Math.min(max, value + (excursion * (atMs - fromMs)) / (toMs - fromMs));
      case 'silence':
        return value;
    }
  }
}
