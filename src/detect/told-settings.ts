import { isRight } from 'fp-ts/lib/Either.js';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import type { Detector, Tuned } from '../../streams/detectors/detector.js';
import { parseDuration } from '../config/quantity.js';

/** What `--set` gave: `limit=5`; times may be written as `limitMs=30s`. */
export type Told = { readonly tuned: Tuned } | { readonly fault: string };

export const tunedBy = (detector: Detector, given: readonly string[]): Told => {
  const settings: Record<string, number> = {};
  for (const text of given) {
    const [, name, written] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    if (name === undefined || written === undefined) return { fault: `--set ${text}: expected NAME=NUMBER` };
    settings[name] = (name.endsWith('Ms') ? parseDuration(written) : null) ?? (written === '' ? NaN : Number(written));
  }
  const decoded = detector.settings.decode(settings);
  if (isRight(decoded)) return { tuned: detector.tuned(decoded.right) };
  return { fault: `--set: ${PathReporter.report(decoded).join('; ')}` };
};
