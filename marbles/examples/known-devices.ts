import { left, right } from 'fp-ts/lib/Either.js';
import type { Stage } from '../../streams/model/stage.js';
import type { Telemetry } from '../../streams/model/telemetry.js';

/** Turns away what devices send that nobody registered. */
export const knownDevices =
  (ids: ReadonlySet<string>): Stage<Telemetry, Telemetry> =>
  (telemetry) =>
    ids.has(telemetry.device.id)
      ? right(telemetry)
      : left({ _tag: 'bad_id', message: `the device ${telemetry.device.id} is not registered` });
