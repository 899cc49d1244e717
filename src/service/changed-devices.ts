import { latestMemory } from '../../streams/state/latest-memory.js';
import type { LateView } from '../ports.js';
import { hasCounted, LiveView } from '../results/device-view.js';
import type { RuledState } from './ruled-state.js';

/** The devices that changed since the state's last snapshot, as they are now; to be asked just before the next one is taken. */
export const changedDevices = ({ state, settings }: RuledState): readonly LateView[] => {
  if (settings === null) return [];
  const { metrics } = settings;
  const latestOf = state.ofDevice(latestMemory(metrics));
  const changed: LateView[] = [];
  for (const device of state.touched) {
    const latest = latestOf(device);
    if (hasCounted(latest)) changed.push(new LiveView(device.id, state.source, latest, metrics));
  }
  return changed;
};
