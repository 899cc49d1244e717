/**
 * The interned handle of one device within one partition. Everything an operator remembers of the device hangs on it, one
 * slot per operator, so that keyed state is a field away and the id is hashed once per record.
 */
export class Device {
  /** What each operator remembers of this device; filled by the accessors of `PartitionState`. */
  readonly slots: unknown[] = [];
  /** Set when a slot changed since the last checkpoint. */
  isTouched = false;
  /** What the rules say of it; worked out anew when they or its profile are others, never saved. See `rules/planner.ts`. */
  plan: object | null = null;

  constructor(
    readonly id: string,
    /** Dense among the devices of a partition, so that something can be kept of each in an array; that of a forgotten one is given again. */
    readonly index = -1,
  ) {}
}

/** What seldom changes. A reading's profile is shared between records as long as nothing in it changed. */
export interface Profile {
  readonly type: string | null;
  readonly status: string | null;
  readonly location: Location | null;
  readonly info: DeviceInfo | null;
}

export interface Location {
  readonly building: string | null;
  readonly floor: number | null;
  readonly room: string | null;
  readonly zone: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface DeviceInfo {
  readonly model: string | null;
  readonly manufacturer: string | null;
  readonly firmware: string | null;
  readonly hardware: string | null;
  readonly serialNumber: string | null;
  readonly networkType: string | null;
}
