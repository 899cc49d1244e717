import { describe, expect, test } from 'vitest';
import { rulesFromTexts } from '../../../src/rules/load.js';
import { alert, faultsOf, twoMetrics } from './loading.js';

describe('a fault says where it is and what was meant', () => {
  test.each([
    [
      'an unknown metric',
      alert('on: temprature, above: { raise: 1 }'),
      /^a\.rules\.yaml:6:20: alerts\[0\]\.on: there is no metric temprature; .*did you mean temperature\? \(hot\)$/,
    ],
    [
      'an unknown key',
      alert('on: temperature, abov: { raise: 1 }'),
      /:6:33: alerts\[0\]\.abov: there is no such key here; .*did you mean above\? \(hot\)$/,
    ],
    [
      'an unknown section',
      `${twoMetrics}alert: []\n`,
      /:5:1: alert: there is no such section; found "alert"; did you mean alerts\?/,
    ],
    [
      'a unit of another dimension',
      twoMetrics.replace('unit: °C,', 'unit: °C, accepts: [K, hPa],'),
      /:3:41: metrics\.temperature\.accepts\[1\]: hPa measures pressure, and °C measures temperature; expected a unit of temperature: °C, K, °F \(temperature\)$/,
    ],
    [
      'an unknown unit',
      twoMetrics.replace('unit: °C,', 'unit: °C, accepts: [°FF],'),
      /accepts\[0\]: there is no unit °FF; .*did you mean °F\?/,
    ],
    [
      'an unknown time zone',
      alert('on: temperature, above: { raise: 1 }, schedule: { zone: Europe/Berln }'),
      /schedule\.zone: .*found "Europe\/Berln"; did you mean Europe\/Berlin\?/,
    ],
    [
      'a time without quotes that is no time',
      alert('on: temperature, above: { raise: 1 }, schedule: { zone: UTC, from: 8:00 }'),
      /schedule\.from: did you mean "08:00"\?/,
    ],
    [
      'a time of the calendar without its offset',
      alert(
        'on: temperature, above: { raise: 1 }, mute: [{ from: "2026-01-01T00:00:00", to: "2026-01-02T00:00:00Z" }]',
      ),
      /mute\[0\]\.from: the offset is missing: did you mean 2026-01-01T00:00:00Z\?/,
    ],
    [
      'NaN',
      alert('on: temperature, above: { raise: .nan }'),
      /:6:49: alerts\[0\]\.above\.raise: it must be finite; expected a finite number, found NaN \(hot\)$/,
    ],
    ['infinity', twoMetrics.replace('150', '.inf'), /metrics\.temperature\.range/],
    [
      'a number in quotes',
      alert('on: temperature, above: { raise: "40" }'),
      /raise: it is a text: leave out the quotes/,
    ],
    [
      'an unknown statistic',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, tumbling: 1m, allowed_lateness: 0s, statistics: [slop] }\n`,
      /statistics\[0\]: there is no statistic slop; .*did you mean slope\? \(w\)$/,
    ],
    [
      'a missing lateness',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, tumbling: 1m }\n`,
      /:6:5: windows\[0\]: allowed_lateness must be there beside tumbling \(w\)$/,
    ],
    [
      'two spans at once',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, tumbling: 1m, count: 5, allowed_lateness: 0s }\n`,
      /tumbling and count exclude each other/,
    ],
    [
      'overlapping windows that do not fit',
      `${twoMetrics}windows:\n  - { id: w, metrics: all, hopping: { size: 5m, every: 2m }, allowed_lateness: 0s }\n`,
      /hopping\.size: it must be a multiple of every, 2m/,
    ],
    [
      'a rate in a unit a thousand times too small',
      twoMetrics.replace('humidity: { unit: "%", range: [0, 100] }', 'energy: { unit: kWh, range: [0, 1000] }') +
        'derive: [{ metric: p, rate: { of: energy, per: 1h }, unit: W }]\n',
      /unit: 1 kWh per 1h is 1000 W/,
    ],
    [
      'a rate in a unit of something else',
      twoMetrics.replace('humidity: { unit: "%", range: [0, 100] }', 'energy: { unit: kWh, range: [0, 1000] }') +
        'derive: [{ metric: p, rate: { of: energy, per: 1h }, unit: °C }]\n',
      /unit: it measures temperature, and kWh per time is power/,
    ],
    [
      'a rate in the unit of what is counted',
      twoMetrics.replace('humidity: { unit: "%", range: [0, 100] }', 'energy: { unit: kWh, range: [0, 1000] }') +
        'derive: [{ metric: p, rate: { of: temperature, per: 1h }, unit: K }]\n',
      /unit: it measures temperature, as °C does/,
    ],
    [
      'a difference in another unit',
      twoMetrics.replace('humidity: { unit: "%", range: [0, 100] }', 'energy: { unit: kWh, range: [0, 1000] }') +
        'derive: [{ metric: p, delta: { of: energy }, unit: Wh }]\n',
      /unit: delta does not convert: its unit is that of energy/,
    ],
    [
      'an unknown detector',
      `${twoMetrics}detect:\n  - { id: d, metrics: [humidity], detector: hampl }\n`,
      /there is no detector hampl; .*did you mean hampel\?/,
    ],
    [
      'an unknown setting of a detector',
      `${twoMetrics}detect:\n  - { id: d, metrics: [humidity], detector: hampel, settings: { wndow: 9 } }\n`,
      /settings\.wndow: hampel has no setting "wndow".*did you mean window\?/,
    ],
    [
      'a setting out of bounds',
      `${twoMetrics}detect:\n  - { id: d, metrics: [humidity], detector: hampel, settings: { window: -1 } }\n`,
      /:6:73: detect\[0\]\.settings\.window: hampel: window must be/,
    ],
    [
      'an alert on a window that is not there',
      alert('on: { window: minut, metric: humidity, statistic: mean }, above: { raise: 1 }'),
      /on\.window: there is no window minut/,
    ],
    [
      'a metric that the window does not gather',
      `${alert('on: { window: w, metric: humidity, statistic: mean }, above: { raise: 1 }')}windows:\n  - { id: w, metrics: [temperature], tumbling: 1m, allowed_lateness: 0s }\n`,
      /on\.metric: window w does not gather humidity; expected temperature/,
    ],
    [
      'a statistic that the window does not compute',
      `${alert('on: { window: w, metric: humidity, statistic: p95 }, above: { raise: 1 }')}windows:\n  - { id: w, metrics: all, tumbling: 1m, allowed_lateness: 0s }\n`,
      /window w does not compute p95: add it to its statistics/,
    ],
    [
      'an override of an alert that is not there',
      `${alert('on: humidity, above: { raise: 1 }')}devices:\n  - { id: g, override: { hott: { raise: 2 } } }\n`,
      /devices\[0\]\.override\.hott: there is no alert hott; .*did you mean hot\? \(g\)$/,
    ],
    [
      'an override of levels of an expression',
      `${alert('when: humidity > 3')}devices:\n  - { id: g, override: { hot: { raise: 2 } } }\n`,
      /hot is an expression: it has no levels to change/,
    ],
    [
      'a bad glob',
      alert('on: humidity, above: { raise: 1 }, match: { id: "cold-[ab]" }'),
      /match\.id: brackets and braces have no meaning here/,
    ],
    [
      'a pattern that may take for ever',
      `${twoMetrics}validate:\n  - { id: c, field: serial_number, pattern: "(a+)+(?=b)", then: flag }\n`,
      /:6:45: validate\[0\]\.pattern: .*can take for ever/,
    ],
    [
      'a pattern that explodes',
      `${twoMetrics}validate:\n  - { id: c, field: serial_number, pattern: "((a{1000}){1000}){1000}", then: flag }\n`,
      /no pattern \(RE2\): invalid repeat count/,
    ],
    [
      'a template with an unknown field',
      alert('on: humidity, above: { raise: 1 }, message: "{device} is at {valu}"'),
      /:6:76: alerts\[0\]\.message: there is no field valu; .*did you mean value\? \(hot\)$/,
    ],
    [
      'code in a template',
      alert('on: humidity, above: { raise: 1 }, message: "{device.constructor}"'),
      /there is no field device\.constructor/,
    ],
    [
      'a brace without its counterpart',
      alert('on: humidity, above: { raise: 1 }, message: "100 % }"'),
      /write \}\} for the character itself/,
    ],
    [
      'clamping what has no nearest value',
      `${twoMetrics}validate:\n  - { id: c, required: [humidity], then: clamp }\n`,
      /then: only range and max_step_per_second have a nearest allowed value/,
    ],
    [
      'a text where the field is a number',
      `${twoMetrics}validate:\n  - { id: c, field: floor, one_of: ["1"], then: flag }\n`,
      /one_of\[0\]: expected a number, as floor is one/,
    ],
    [
      'a derived metric that reads what is further down',
      `${twoMetrics}derive:\n  - { metric: a, value: "b + 1" }\n  - { metric: b, value: "humidity" }\n`,
      /:6:25: derive\[0\]\.value: it reads itself, or what is computed further down/,
    ],
    [
      'a ladder whose levels are not in order',
      alert(
        'on: humidity, levels: [{ severity: critical, above: { raise: 2 } }, { severity: info, above: { raise: 1 } }]',
      ),
      /levels\[1\]\.severity: it must be worse than critical/,
    ],
    [
      'more of m than n',
      alert('on: humidity, above: { raise: 1 }, m_of_n: [5, 3]'),
      /m_of_n: expected two whole numbers/,
    ],
    ['an alert that looks at nothing', alert('severity: info'), /one of above, below, when or levels must be there/],
    [
      'an expression and an input at once',
      alert('on: humidity, when: "humidity > 3"'),
      /an expression says itself what it looks at/,
    ],
    [
      'until without when',
      alert('on: humidity, above: { raise: 1 }, until: "humidity < 3"'),
      /until: says nothing without when/,
    ],
    ['no version', twoMetrics.replace('version: 1\n', ''), /version: it is missing; expected 1/],
    [
      'a version from the future',
      twoMetrics.replace('version: 1', 'version: 2'),
      /version: this form of the file is not known here/,
    ],
    ['an empty file', '', /:1:1: the file is empty; expected a mapping with version: 1/],
    ['a list', '- 1', /this is no file of rules/],
    [
      'a section of the wrong kind',
      `${twoMetrics}alerts: {}\n`,
      /alerts: expected a list, even of one, found a mapping/,
    ],
    ['an entry that is none', `${twoMetrics}alerts: [hot]\n`, /alerts\[0\]: an entry is a mapping/],
  ])('%s', (_what, text, expected) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });

  test('tell of metrics that there are not, also in an entry that is faulty otherwise', () => {
    expect(faultsOf(alert('on: temprature, above: { raise: .nan }'))).toEqual([
      expect.stringMatching(/:6:20: alerts\[0\]\.on: there is no metric temprature; .*did you mean temperature\?/),
      expect.stringMatching(/:6:48: alerts\[0\]\.above\.raise: it must be finite/),
    ]);
    const check = 'validate:\n  - { id: c, metric: humidty, range: [0, 1], then: clampp }\n';
    expect(faultsOf(`${twoMetrics}${check}`)).toHaveLength(2);
    const window = 'windows:\n  - { id: w, metrics: [humidity, tmp], tumbling: 1, allowed_lateness: 0s }\n';
    expect(faultsOf(`${twoMetrics}${window}`)).toHaveLength(2);
  });

  test('tell of every setting of a detector that is wrong', () => {
    const settings = 'settings: { wndow: 9, window: -1 }';
    const faults = faultsOf(
      `${twoMetrics}detect:\n  - { id: d, metrics: [humidity], detector: hampel, ${settings} }\n`,
    );
    expect(faults).toEqual([
      expect.stringMatching(/:6:65: detect\[0\]\.settings\.wndow: hampel has no setting "wndow"/),
      expect.stringMatching(/:6:83: detect\[0\]\.settings\.window: hampel: window must be/),
    ]);
  });

  test('of an expression over several lines it names the line and column in the file', () => {
    const text = `${twoMetrics}alerts:\n  - id: hot\n    when: >\n      temperature > 40 &&\n\n      humdity > 80\n`;
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^a\.rules\.yaml:10:7: .*humdity.*did you mean humidity\? \(hot\)$/),
    ]);
  });

  test.each([
    ['plain', 'when: temperature > 40 && humdity > 80'],
    ['double-quoted, with escapes before it', 'when: "device.type == \\"a\\" && humdity > 80"'],
    ['single-quoted, with escapes before it', "when: 'device.id == \"it''s\" && humdity > 80'"],
  ])('of an expression that is %s it names the column', (_how, written) => {
    const column = `    ${written}`.indexOf('humdity') + 1;
    const [fault] = faultsOf(`${twoMetrics}alerts:\n  - id: hot\n    ${written}\n`);
    expect(fault).toMatch(new RegExp(`^a\\.rules\\.yaml:7:${column}: `));
  });
});

describe('all faults', () => {
  test('are told at once, in the order of the file', () => {
    const text = `${twoMetrics}windows:
  - { id: w, metrics: [wetness], tumbling: 60, allowed_lateness: 1s }
alerts:
  - { id: a, on: temprature, above: { raise: .nan } }
  - { id: b, when: "humidity >" }
  - { id: c, on: humidity, above: { raise: 1 }, message: "{x} {y}" }
`;
    expect(faultsOf(text).map((fault) => fault.replace(/^a\.rules\.yaml:(\d+):.*\((.*)\)$/, '$1 $2'))).toEqual([
      '6 w',
      '6 w',
      '8 a',
      '8 a',
      '9 b',
      '10 c',
      '10 c',
    ]);
  });

  test('of one entry are told together: one in a key does not hide what is wrong with the others', () => {
    const text = `${alert("on: temprature, above: { raise: 3 }, message: '{devise}', schedule: { zone: X/Y }")}devices:
  - { id: g, calibrate: { temperature: { scale: no } }, override: { nosuch: { raise: 1 } } }
`;
    expect(faultsOf(text).map((fault) => /: ([a-z]+\[0\]\.[a-z.]+):/.exec(fault)?.[1])).toEqual([
      'alerts[0].on',
      'alerts[0].message',
      'alerts[0].schedule.zone',
      'devices[0].calibrate.temperature.scale',
      'devices[0].override.nosuch',
    ]);
  });

  test('of what is faulty itself are not repeated by what refers to it', () => {
    const text = `version: 1
metrics:
  temperature: { unit: °C }
windows:
  - { id: w, metrics: [temperature], tumbling: 1, allowed_lateness: 1s }
alerts:
  - { id: a, on: temperature, above: { raise: 1 } }
  - { id: b, when: temperature > 3 }
  - { id: c, on: { window: w, metric: temperature, statistic: mean }, above: { raise: 1 } }
`;
    expect(faultsOf(text)).toHaveLength(2);
  });

  test('a name given twice names both places, in one file', () => {
    const text = `${alert('on: humidity, above: { raise: 1 }')}  - { id: hot, on: humidity, above: { raise: 2 } }\n`;
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/:7:11: alerts\[1\]\.id: alert hot is there already, at a\.rules\.yaml:6:5 \(hot\)$/),
    ]);
  });

  test('… also where one of the two, or both, are faulty otherwise', () => {
    const text = `${alert('on: nosuch, above: { raise: 1 }')}  - { id: hot, on: humidity, over: { raise: 2 } }
derive:
  - { metric: humidity, cel: 5 }
windows:
  - { id: w, metrics: [humidity], tumbling: 1 }
  - { id: w, metrics: [humidity], tumbling: 2 }
`;
    const taken = faultsOf(text).filter((fault) => fault.includes('is there already'));
    expect(taken.map((fault) => /: (\S+): (\S+ \S+) is/.exec(fault)?.slice(1))).toEqual([
      ['alerts[1].id', 'alert hot'],
      ['derive[0].metric', 'metric humidity'],
      ['windows[1].id', 'window w'],
    ]);
    expect(faultsOf(text).length).toBeGreaterThan(taken.length);
  });

  test('… and what refers to the name means the first', () => {
    const text = `${twoMetrics}detect:
  - { id: d, metrics: [temperature], detector: ewma }
  - { id: d, metrics: [humidity], detector: ewma }
alerts:
  - { id: a, on: { detector: d }, above: { raise: 0.5 } }
`;
    expect(faultsOf(text)).toEqual([expect.stringContaining('detect[1].id: detection d is there already')]);
  });

  test('… and across files', () => {
    const made = rulesFromTexts([
      { name: 'a.rules.yaml', text: twoMetrics },
      { name: 'b.rules.yaml', text: 'version: 1\nmetrics:\n  humidity: { range: [0, 1] }\n' },
    ]);
    expect(made._tag === 'Left' && made.left.map(({ origin, problem }) => [origin, problem])).toEqual([
      [
        { from: 'file', file: 'b.rules.yaml', line: 3, column: 13 },
        'metric humidity is there already, at a.rules.yaml:4:3',
      ],
    ]);
  });
});
