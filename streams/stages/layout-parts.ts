import type { Scalars } from '../codecs/layouts/scalars.js';
import type { Profile } from '../model/device.js';
import type { Quality, WireFormat } from '../model/telemetry.js';
import type * as t from 'io-ts';
import type { TimeBytes } from '../codecs/time-bytes.js';

/** Of one layout, where what `Telemetry` is made of stands, and how it is read. */
export interface LayoutParts {
  readonly format: WireFormat;
  readonly codec: t.Mixed;
  readonly id: number;
  readonly time: number;
  /** `absent`, but in an envelope. */
  readonly messageId: number;
  /** Slots of readings, which change from record to record. */
  readonly values: readonly number[];
  /** Epoch ms; NaN when it is no time. */
  timeMs(scalars: Scalars<unknown>, times: TimeBytes): number;
  /** Puts the readings in the place of NaN. False when the record must have one and has none. */
  read(scalars: Scalars<unknown>, readings: number[]): boolean;
  /** What seldom changes; undefined when it says that this is no telemetry. The profile shares with the one that is known what is the same. */
  steady(scalars: Scalars<unknown>, known: Profile): Steady | undefined;
}

export interface Steady {
  readonly profile: Profile;
  readonly units: readonly (string | null)[] | null;
  readonly quality: Quality;
}
