import type { Scalars } from '../codecs/layouts/scalars.js';
import type { Profile } from '../model/device.js';
import type { Quality, WireFormat } from '../model/telemetry.js';
import type * as t from 'io-ts';
import type { ValuePlace } from '../codecs/layouts/repeat-code.js';
import type { Changing } from '../codecs/layouts/repeat-steps.js';
import type { TimeBytes } from '../codecs/time-bytes.js';

/** Of one layout, where what `Telemetry` is made of stands, and how it is read. */
export interface LayoutParts {
  readonly format: WireFormat;
  readonly codec: t.Mixed;
  readonly id: number;
  readonly time: number;
  /** `absent`, but in an envelope. */
  readonly messageId: number;
  /** Of readings, which change from record to record: where each goes, of several of one metric the last one that is there. */
  readonly places: readonly ValuePlace[];
  /** That a record without any reading is none. */
  readonly isOneNeeded: boolean;
  /** How the time is written. */
  readonly timeAs: Changing;
  /** Epoch ms; NaN when it is no time. */
  timeMs(scalars: Scalars, times: TimeBytes): number;
  /** Puts the readings in the place of NaN. False when the record must have one and has none. */
  read(scalars: Scalars, readings: number[]): boolean;
  /** What seldom changes; undefined when it says that this is no telemetry. The profile shares with the one that is known what is the same. */
  steady(scalars: Scalars, known: Profile): Steady | undefined;
}

export interface Steady {
  readonly profile: Profile;
  readonly units: readonly (string | null)[] | null;
  readonly quality: Quality;
}
