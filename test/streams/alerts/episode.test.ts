import { describe, expect, test } from 'vitest';
import { continued, type Episode, type Occasion } from '../../../streams/alerts/episode.js';
import type { Evidence } from '../../../streams/model/alert.js';
import { asOffset } from '../../../streams/model/units.js';
import { plainRules } from '../../../streams/plain-rules.js';
import type { AlertRule } from '../../../streams/rules/rules.js';
import { unknownProfile } from '../../../streams/state/latest-memory.js';

const [hot] = plainRules({
  metrics: [{ name: 'temperature', unit: '°C', min: -50, max: 150 }],
  window: { sizeMs: 10, allowedLatenessMs: 0, metrics: null },
  alerts: [{ id: 'hot', metric: 'temperature', direction: 'above', raise: 40, clear: 38, severity: 'warning' }],
}).alerts;
if (hot === undefined) throw new Error('there is no rule');

const at = (atMs: number, value: number, evidence: Evidence | null = null): Occasion => ({
  device: { id: 'd1', profile: unknownProfile },
  source: { topic: 't', partition: 0 },
  atMs,
  offset: asOffset(atMs),
  value,
  metric: 'temperature',
  unit: '°C',
  evidence,
  turn: 0,
});

/** What is told, one decision after the other: reached level and occasion. */
const told = (rule: AlertRule, ...decisions: readonly (readonly [reached: number, occasion: Occasion])[]) => {
  let episode: Episode | undefined;
  return decisions.map(([reached, occasion]) => {
    const next = continued(rule, episode, reached, occasion);
    episode = next.episode ?? undefined;
    return next.told;
  });
};

describe('an alert raised while its rule is muted', () => {
  const muted: AlertRule = { ...hot, isMuted: (atMs) => atMs < 5 };

  test('is told again once that is over, and only once', () => {
    const all = told(muted, [1, at(1, 41)], [1, at(4, 42)], [1, at(5, 43)], [1, at(6, 44)], [0, at(7, 30)]);
    expect(all.map((alert) => alert && [alert.version, alert.state, alert.reason, alert.isMuted])).toEqual([
      [1, 'active', 'raised', true],
      null,
      [2, 'active', 'unmuted', false],
      null,
      [3, 'cleared', 'cleared', false],
    ]);
  });

  test('is not when it clears before', () => {
    const all = told(muted, [1, at(1, 41)], [0, at(3, 30)], [0, at(6, 30)]);
    expect(all.map((alert) => alert?.reason)).toEqual(['raised', 'cleared', undefined]);
  });
});

describe('the evidence of an alert', () => {
  const seen = (score: number): Evidence => ({ detector: 'ewma', score, low: 1, high: 2 });

  test('is of the raise, or of what went further, and stays when it clears', () => {
    const ladder = { ...hot, keepForMs: 2 };
    const all = told(ladder, [1, at(1, 1, seen(0.8))], [0, at(2, 1, seen(0.1))], [1, at(3, 1, seen(0.9))], [0, at(4, 1, seen(0))], [0, at(9, 1, seen(0))]); // prettier-ignore
    expect(all.map((alert) => alert && [alert.reason, alert.evidence?.score])).toEqual([
      ['raised', 0.8],
      ['recovering', 0.8],
      ['relapsed', 0.9],
      ['recovering', 0.9],
      ['cleared', 0.9],
    ]);
  });
});

describe('an episode in which nothing changes', () => {
  test('stays the same object, so that nothing has to be written', () => {
    const raised = continued(hot, undefined, 1, at(1, 41)).episode ?? undefined;
    expect(continued(hot, raised, 1, at(2, 40.5)).episode).toBe(raised);
    const patient = { ...hot, forMs: 100 };
    const pending = continued(patient, undefined, 1, at(1, 41)).episode ?? undefined;
    expect(continued(patient, pending, 1, at(2, 41)).episode).toBe(pending);
  });
});
