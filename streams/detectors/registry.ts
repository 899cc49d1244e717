import { auto } from './auto.js';
import { clockSkew } from './clock-skew.js';
import { cusum } from './cusum.js';
import type { Detector } from './detector.js';
import { ewma } from './ewma.js';
import { flatline } from './flatline.js';
import { hampel } from './hampel.js';
import { rateOfChange } from './rate-of-change.js';
import { silence } from './silence.js';

/** Every detector there is, in the order in which people are shown them. A new one needs its file and its line here. */
export const detectors: readonly Detector[] = [auto, ewma, hampel, cusum, rateOfChange, flatline, silence, clockSkew];
