import * as t from 'io-ts';
import { describe, expect, test } from 'vitest';
import { envelopeCodec } from '../../../streams/codecs/envelope.js';
import { explain, shown } from '../../../streams/codecs/explain.js';
import { flatCodec } from '../../../streams/codecs/flat.js';
import { nestedCodec } from '../../../streams/codecs/nested.js';
import { settings } from '../fixtures.js';

const { metrics } = settings;

describe('explain', () => {
  test('gives null for what the codec accepts', () => {
    expect(explain(flatCodec(metrics), { device_id: 'd-1', temperature: 0 })).toBeNull();
  });

  test.each([
    [flatCodec(metrics), { device_id: 'd', temperature: '1' }, 'temperature', 'a finite number or null, found "1"'],
    [flatCodec(metrics), { device_id: 'd', humidity: Infinity }, 'humidity', 'a finite number or null, found Infinity'],
    [nestedCodec(metrics), { device_id: 'd', sensors: 7 }, 'sensors', 'an object of sensors, found 7'],
    [
      nestedCodec(metrics),
      { device_id: 'd', sensors: { switch_status: { value: 'on' } } },
      'sensors.switch_status.value',
      'true, false or a finite number, found "on"',
    ],
    [
      envelopeCodec(metrics),
      {
        message_id: 'm',
        message_type: 'device_data',
        payload: { device: { device_id: 'd', sensors: {}, location: 3 } },
      },
      'payload.device.location',
      'an object or null, found 3',
    ],
  ] as const)('names the path, what was expected and what was found (%#)', (codec, value, path, rest) => {
    expect(explain(codec, value)).toEqual({ path, message: `${path}: expected ${rest}` });
  });

  test('speaks of the record where the whole is wrong', () => {
    expect(explain(t.type({ a: t.string }), 7)).toEqual({
      path: '',
      message: 'the record: expected { a: string }, found 7',
    });
  });
});

describe('shown', () => {
  test('escapes, and cuts off what is long', () => {
    expect(shown('a"\n\u0000')).toBe(String.raw`"a\"\n\u0000"`);
    expect(shown('x'.repeat(81))).toBe(`"${'x'.repeat(80)}"…`);
    expect(shown({ a: 'x'.repeat(100) })).toHaveLength(81);
    expect([shown(undefined), shown(NaN), shown(null), shown(false)]).toEqual(['nothing', 'NaN', 'null', 'false']);
  });
});
