import * as t from 'io-ts';
import { defer, map } from 'rxjs';
import {
  defaultConfig,
  memory,
  type OwnOperator,
  type PartitionState,
  serve,
  type Telemetry,
  throughRecords,
} from 'weir-stream';

/**
 * Turns away the readings of a device until it has reported three times: sensors that have just been switched on tell nonsense.
 * What it remembers is in the state, so a restart goes on counting where it was.
 */
const warmedUp: OwnOperator = (_settings, state: PartitionState) => (chunks$) =>
  defer(() => {
    const heardOf = state.ofDevice(heardMemory);
    return chunks$.pipe(
      map((chunk) =>
        throughRecords<Telemetry, Telemetry>('warmedUp', chunk, (record, draft) => {
          const heard = heardOf(record.value.device);
          heard.times += 1;
          state.touch(record.value.device);
          if (heard.times > 3) draft.keep(record);
          else draft.turnAway(record.origin, { _tag: 'faulted', stage: 'warmedUp', message: 'still warming up' });
        }),
      ),
    );
  });

const Heard = t.type({ times: t.number });

const heardMemory = memory<{ times: number }, t.TypeOf<typeof Heard>>({
  name: 'example-heard',
  create: () => ({ times: 0 }),
  stored: Heard,
  store: ({ times }) => ({ times }),
  restore: ({ times }) => ({ times }),
});

const demo = { devices: 20, ratePerSecond: 40, seed: 1 };
process.exitCode = await serve({ kind: 'embedded', config: defaultConfig(), demo, own: warmedUp });
