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
    [
      'an alert on a window of other devices',
      `${alert('on: { window: w, metric: humidity, statistic: mean }, above: { raise: 90 }, match: { type: pump }')}windows:\n  - { id: w, metrics: all, count: 5, match: { type: motor } }\n`,
      /alerts\[0\]\.match: no device can match: window w is for other devices \(hot\)$/,
    ],
    [
      'an alert on a detection of other devices',
      `${alert('on: { detector: d }, above: { raise: 0.6 }, match: { type: pump }')}detect:\n  - { id: d, metrics: [humidity], detector: flatline, match: { type: motor } }\n`,
      /alerts\[0\]\.match: no device can match: detection d is for other devices \(hot\)$/,
    ],
    [
      'an alert on a derived metric of other devices',
      `${alert('on: rise, above: { raise: 1 }, match: { type: [pump, fan] }')}derive:\n  - { metric: rise, delta: { of: humidity }, match: { type: motor } }\n`,
      /alerts\[0\]\.match: no device can match: the derived metric rise is for other devices \(hot\)$/,
    ],
    [
      'an alert on a window of a metric that other devices have',
      `${alert('on: { window: w, metric: rise, statistic: mean }, above: { raise: 1 }, match: { type: pump }')}windows:\n  - { id: w, metrics: [rise], count: 5 }\nderive:\n  - { metric: rise, delta: { of: humidity }, match: { type: motor } }\n`,
      /alerts\[0\]\.match: no device can match: the derived metric rise is for other devices \(hot\)$/,
    ],
    [
      'an alert on a detection of a metric that other devices have',
      `${alert('on: { detector: d }, above: { raise: 0.6 }, match: { type: pump }')}detect:\n  - { id: d, metrics: [rise], detector: flatline }\nderive:\n  - { metric: rise, delta: { of: humidity }, match: { type: motor } }\n`,
      /alerts\[0\]\.match: no device can match: the derived metric rise is for other devices \(hot\)$/,
    ],
    [
      'a group that changes an alert of other devices',
      `${alert('on: humidity, above: { raise: 90 }, match: { type: fan }')}devices:\n  - { id: g, match: { type: pump }, override: { hot: { raise: 80 } } }\n`,
      /:8:\d+: devices\[0\]\.override\.hot: it never applies: alert hot is for other devices \(g\)$/,
    ],
    [
      'a range that no reading is in',
      `${twoMetrics}validate:\n  - { id: c, metric: temperature, range: [200, 300], then: flag }\n`,
      /validate\[0\]\.range: every reading breaks it: values of temperature lie between -50 and 150 \(c\)$/,
    ],
    [
      'a range below all readings',
      `${twoMetrics}validate:\n  - { id: c, metric: humidity, range: [-9, -1], then: flag }\n`,
      /every reading breaks it/,
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
    ['alerts:', 'on: humidity, above: { raise: 40 }', 'on: humidity, above: { raise: 40 }, m_of_n: [1, 1]'],
    ['alerts:', 'on: humidity, above: { raise: 40 }', 'on: humidity, above: { raise: 40 }, match: { id: "*" }'],
    ['alerts:', 'on: humidity, above: { raise: 40 }', 'on: humidity, above: { raise: 40 }, match: { id: [a, "*"] }'],
    [
      'alerts:',
      'on: humidity, above: { raise: 40 }, match: { type: [pump, fan] }',
      'on: humidity, above: { raise: 40 }, match: { id: "**", type: [fan, pump, fan] }',
    ],
    ['validate:', 'required: [humidity], then: flag', 'then: flag, required: [humidity]'],
    ['validate:', 'required: [humidity], then: flag', 'required: [humidity], then: flag, match: { id: "*" }'],
    [
      'detect:',
      'metrics: [humidity], detector: flatline',
      'metrics: [humidity], detector: flatline, match: { id: "*" }',
    ],
    ['windows:', 'metrics: all, count: 5', 'metrics: all, count: 5, match: { id: "*" }'],
    [
      'windows:',
      'metrics: all, tumbling: 1m, allowed_lateness: 5s',
      'metrics: all, hopping: { size: 1m, every: 1m }, allowed_lateness: 5s',
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
      ', m_of_n: [1, 3]',
      ', match: { type: pump }',
      ', match: { type: "*" }',
      ', match: { id: "a*" }',
      ', mute: [{ zone: UTC }]',
    ];
    expect(warningsOf(`${twoMetrics}alerts:\n${all.map(on).join('')}`)).toEqual([]);
  });

  test('there is none about windows that differ in where they begin or end', () => {
    const all = [
      'tumbling: 1m',
      'tumbling: 2m',
      'hopping: { size: 1m, every: 30s }',
      'hopping: { size: 2m, every: 1m }',
      'session: { gap: 1m }',
      'session: { gap: 2m }',
    ];
    const one = (kind: string, i: number): string => `  - { id: i${i}, metrics: all, ${kind}, allowed_lateness: 0s }\n`;
    expect(warningsOf(`${twoMetrics}windows:\n${all.map(one).join('')}`)).toEqual([]);
  });

  test('there is none about rules that are tied to others and share devices with them', () => {
    const text = `${twoMetrics}devices:
  - { id: g, match: { type: [pump, fan] }, override: { a: { raise: 80 } } }
  - { id: h, override: { a: { raise: 70 } } }
  - { id: i, match: { building: B1 }, override: { a: { raise: 60 } } }
windows:
  - { id: w, metrics: all, count: 5, match: { type: "f*" } }
  - { id: every, metrics: all, count: 6 }
alerts:
  - { id: a, on: { window: w, metric: humidity, statistic: mean }, above: { raise: 90 }, match: { type: fan } }
  - { id: b, on: { window: w, metric: humidity, statistic: mean }, above: { raise: 91 } }
  - { id: c, on: { window: every, metric: humidity, statistic: mean }, above: { raise: 90 }, match: { type: fan } }
`;
    expect(warningsOf(text)).toEqual([]);
  });

  test('of many groups that are for other devices only the first are named', () => {
    const groups = Array.from({ length: 15 }, (_, i) => `  - { id: g${i}, match: { type: fan }, tags: [t] }\n`).join(
      '',
    );
    const text = `${alert('on: humidity, above: { raise: 90 }, match: { tag: "?", type: pump }')}devices:\n${groups}`;
    expect(warningsOf(text)).toEqual([expect.stringMatching(/\(g0, g1, .*, g11 and 3 more\) is for other devices/)]);
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
