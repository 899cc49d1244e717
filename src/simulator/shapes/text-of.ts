import type { Shape, SimulatedDevice } from '../device.js';
import { envelopeText } from './envelope.js';
import { flatText } from './flat.js';
import { nestedText } from './nested.js';

const texts: Readonly<Record<Shape, (device: SimulatedDevice, atMs: number) => string>> = {
  nested: nestedText,
  flat: flatText,
  envelope: envelopeText,
};

/** What a device sends at a moment, in its own format. */
export const textOf = (device: SimulatedDevice, atMs: number): string => texts[device.shape](device, atMs);
