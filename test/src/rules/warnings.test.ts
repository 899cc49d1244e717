import { describe, expect, test } from 'vitest';
import { alert, device, twoMetrics, warningsOf } from './loading.js';

describe('a warning says what a colleague would', () => {
  test.each([
    [
      'clearing on the wrong side',
      alert('on: temperature, above: { raise: 40, clear: 41 }'),
      /:6:60: alerts\[0\]\.above\.clear: it clears at 41 and is raised above 40/,
    ],
    [
      '… of a low level',
      alert('on: temperature, below: { raise: 4, clear: 3 }'),
      /it clears at 3 and is raised below 4/,
    ],
    [
      'a level out of range',
      alert('on: humidity, above: { raise: 100 }'),
      /raise: never raised: values of humidity lie between 0 and 100/,
    ],
    ['a level that never clears', alert('on: humidity, below: { raise: 20, clear: 101 }'), /clear: never cleared/],
    [
      'a high level that never clears',
      alert('on: temperature, above: { raise: 40, clear: -51 }'),
      /clear: never cleared/,
    ],
    [
      'an override out of range',
      `${alert('on: humidity, above: { raise: 90 }')}devices:\n  - { id: g, override: { hot: { raise: 200, clear: 90 } } }\n`,
      /devices\[0\]\.override\.hot\.raise: never raised/,
    ],
    [
      'a tag that nobody gives',
      `${alert('on: humidity, above: { raise: 90 }, match: { tag: cold }')}devices:\n  - { id: g, tags: [colt] }\n`,
      /match\.tag: no device can match: no group gives such a tag.*did you mean colt\?/,
    ],
    [
      'a group that asks for a tag from further down',
      `${twoMetrics}devices:\n  - { id: a, match: { tag: cold } }\n  - { id: b, tags: [cold] }\n`,
      /devices\[0\]\.match\.tag: no device can match/,
    ],
    [
      'selectors that contradict each other',
      `${alert('on: humidity, above: { raise: 90 }, match: { tag: cold, building: B2 }')}devices:\n  - { id: g, match: { building: [B1, B3] }, tags: [cold] }\n`,
      /match: no device can match: the group that gives the tag \(g\) is for other devices/,
    ],
    [
      'a window longer than what is accepted',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, tumbling: 7d, allowed_lateness: 1h }\n`,
      /windows\[0\]: records older than 7d are dead letters/,
    ],
    [
      'a window longer than what is kept',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, hopping: { size: 1h, every: 5s }, allowed_lateness: 1m }\n`,
      /360 results are kept/,
    ],
    [
      'a severity beside a ladder',
      alert('on: humidity, severity: error, levels: [{ severity: info, above: { raise: 80 } }]'),
      /alerts\[0\]\.severity: says nothing here: each of levels has its own/,
    ],
    [
      'time in state of a metric that has many',
      `${twoMetrics}windows:\n  - { id: w, metrics: [humidity], tumbling: 1m, allowed_lateness: 0s, statistics: [p95, time_in_state] }\n`,
      /windows\[0\]\.statistics\[1\]: time_in_state is for metrics of few values: of a window it counts 16, and humidity can have more/,
    ],
    [
      'two rules with one meaning',
      `${alert('on: humidity, above: { raise: 90 }')}  - { message: "{value}", on: humidity, id: wet, above: { raise: 90 } }\n`,
      /alerts\[1\]\.id: it means the same as hot, at a\.rules\.yaml:6:5 \(wet\)$/,
    ],
    ['a unit that is not known', twoMetrics.replace('°C', '°Celsius'), /this unit is not known here/],
    [
      'a range that says nothing',
      `${twoMetrics}validate:\n  - { id: c, metric: humidity, range: [-1, 100], then: flag }\n`,
      /range: says nothing/,
    ],
    ['a metric that expressions can not name', twoMetrics.replace('humidity', 'type'), /expressions can't name it/],
    [
      'a statistic that every window has',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, tumbling: 1m, allowed_lateness: 0s, statistics: [mean] }\n`,
      /every window has mean/,
    ],
    [
      'a ladder of which a step is never alone',
      alert(
        'on: humidity, levels: [{ severity: info, above: { raise: 50 } }, { severity: error, above: { raise: 50 } }]',
      ),
      /it is reached no later than info/,
    ],
    [
      'a level that a statistic can not reach',
      `${alert('on: { window: w, metric: humidity, statistic: p95 }, above: { raise: 500 }')}windows:\n  - { id: w, metrics: all, tumbling: 1m, allowed_lateness: 0s, statistics: [p95] }\n`,
      /above\.raise: never raised: values of p95 of humidity lie between 0 and 100/,
    ],
    [
      'a count that there is not',
      `${alert('on: { window: w, metric: humidity, statistic: count }, below: { raise: 1 }')}windows:\n  - { id: w, metrics: all, tumbling: 1m, allowed_lateness: 0s }\n`,
      /below\.raise: never raised: values of count of humidity are at least 1/,
    ],
    [
      'a group that turns a ladder around',
      `${alert('on: humidity, levels: [{ severity: warning, above: { raise: 40 } }, { severity: critical, above: { raise: 60 } }]')}devices:\n  - { id: g, override: { hot: { levels: { critical: { raise: 30 } } } } }\n`,
      /override\.hot\.levels\.critical: it is reached no later than warning/,
    ],
    [
      'a session longer than what is accepted',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, session: { gap: 8d }, allowed_lateness: 0s }\n`,
      /windows\[0\]: records older than 7d are dead letters/,
    ],
    [
      'an expression that reads nothing',
      alert("when: '1 > 2'"),
      /alerts\[0\]\.when: says the same of every record: it reads no metric/,
    ],
  ])('%s', (_what, text, expected) => {
    const warnings = warningsOf(text);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(expected);
  });

  test.each([
    ['alerts:', 'on: humidity, above: { raise: 40 }', 'on: humidity, above: { raise: 40, clear: 40 }'],
    [
      'alerts:',
      'on: humidity, above: { raise: 40 }',
      'on: humidity, levels: [{ severity: warning, above: { raise: 40 } }]',
    ],
    [
      'alerts:',
      'on: humidity, above: { raise: 40 }, mute: { zone: UTC, from: "01:00", to: "02:00" }',
      'on: humidity, above: { raise: 40 }, mute: [{ zone: UTC, from: "01:00", to: "02:00" }]',
    ],
    ['alerts:', "when: 'humidity > 41'", "when: 'humidity  >  41'"],
    ['validate:', "expect: 'humidity > 41', then: flag", "expect: ' humidity > 41', then: flag"],
    [
      'windows:',
      'metrics: all, count: 5, statistics: [p95, slope]',
      'metrics: [temperature, humidity], count: 5, statistics: [slope, p95]',
    ],
    [
      'detect:',
      'metrics: [humidity], detector: flatline',
      'metrics: [humidity], detector: flatline, settings: { least: 10 }',
    ],
  ])('two rules with one meaning, written differently: %s %s', (section, one, other) => {
    expect(warningsOf(`${twoMetrics}${section}\n  - { id: a, ${one} }\n  - { id: b, ${other} }\n`)).toEqual([
      expect.stringMatching(/\[1\]\.id: it means the same as a, at .*\(b\)$/),
    ]);
  });

  test('there is none about rules that differ in what they do', () => {
    const on = (rest: string, i: number): string => `  - { id: i${i}, on: humidity, above: { raise: 40 }${rest} }\n`;
    const all = [
      '',
      ', for: 5s',
      ', keep_for: 90s',
      ', m_of_n: [2, 3]',
      ', match: { type: pump }',
      ', mute: [{ zone: UTC }]',
    ];
    expect(warningsOf(`${twoMetrics}alerts:\n${all.map(on).join('')}`)).toEqual([]);
  });

  test('a rule that is for none of the devices there are', () => {
    const text = alert('on: humidity, above: { raise: 90 }, match: { type: pump }');
    expect(warningsOf(text, { devices: [device('a', { type: 'fan' })] })).toEqual([
      expect.stringMatching(/alerts\[0\]\.match: none of the 1 devices matches \(hot\)$/),
    ]);
    expect(warningsOf(text, { devices: [device('a', { type: 'pump' })] })).toEqual([]);
  });

  test('there is none about rules that are as they should be', () => {
    expect(warningsOf(alert('on: temperature, above: { raise: 40, clear: 40 }'))).toEqual([]);
  });
});
