import { latestMemory } from '../../streams/state/latest-memory.js';
import type { DeviceView } from '../ports.js';
import { deviceViewOf } from '../results/device-view.js';
import type { RuledState } from './ruled-state.js';

/** Views of the devices that changed since the state's last snapshot; to be asked just before the next one is taken. */
export const changedDevices = ({ state, settings }: RuledState): readonly DeviceView[] => {
  if (settings === null) return [];
  const { metrics } = settings;
  const latestOf = state.ofDevice(latestMemory(metrics));
  return state.touched.flatMap((device) => deviceViewOf(device.id, state.source, latestOf(device), metrics) ?? []);
};
