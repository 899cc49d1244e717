import type { PipelineSettings } from '../../streams/rules/settings.js';
import { latestMemory } from '../../streams/state/latest-memory.js';
import type { PartitionState } from '../../streams/state/partition-state.js';
import type { DeviceView } from '../ports.js';
import { deviceViewOf } from '../results/device-view.js';

/** Views of the devices that changed since the state's last snapshot; to be asked just before the next one is taken. */
export const changedDevices = (
  { metrics }: Pick<PipelineSettings, 'metrics'>,
  state: PartitionState,
): (() => readonly DeviceView[]) => {
  const latestOf = state.ofDevice(latestMemory(metrics));
  return () =>
    state.touched.flatMap((device) => deviceViewOf(device.id, state.source, latestOf(device), metrics) ?? []);
};
