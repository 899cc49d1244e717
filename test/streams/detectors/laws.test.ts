import { describe, expect, it } from 'vitest';
import { detectors } from '../../../streams/detectors/registry.js';
import { obeysDetectorLaws } from './detector-laws.js';

it('names every detector once', () => {
  expect(new Set(detectors.map(({ name }) => name)).size).toBe(detectors.length);
});

describe.each(detectors.map((detector) => [detector.name, detector] as const))('%s', (_name, detector) => {
  obeysDetectorLaws(detector);
});
