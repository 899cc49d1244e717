import { describe, expect, test } from 'vitest';
import type { FlatRecord } from '../../../streams/codecs/flat.js';
import type { NestedRecord } from '../../../streams/codecs/nested.js';
import { flatProfile, nestedProfile } from '../../../streams/stages/profile.js';
import { unknownProfile } from '../../../streams/state/latest-memory.js';
import { bytesOf } from '../fixtures.js';

const nested = (changed: object = {}): NestedRecord =>
  ({ ...(JSON.parse(bytesOf('records/nested-current.json').toString()) as object), ...changed }) as NestedRecord;

describe('nestedProfile', () => {
  test('gives back the one that is known, as long as nothing in it differs', () => {
    const known = nestedProfile(nested(), unknownProfile);
    expect(nestedProfile(nested(), known)).toBe(known);
    expect(nestedProfile({ device_id: 'd', sensors: {} }, unknownProfile)).toBe(unknownProfile);
  });

  test.each([
    ['type', { device_type: 'gateway' }],
    ['status', { status: 'offline' }],
    ['location', { location: { building: 'Building_1', floor: 2, room: 'Room_1', zone: 'Zone_1' } }],
    ['location', { location: null }],
    ['info', { device_info: { firmware: '1.2.4' } }],
    ['info', { device_info: undefined }],
  ] as const)('makes a new one when %s differs, and shares what does not', (member, changed) => {
    const known = nestedProfile(nested(), unknownProfile);
    const next = nestedProfile(nested(changed), known);
    expect(next).not.toEqual(known);
    const others = (['type', 'status', 'location', 'info'] as const).filter((name) => name !== member);
    for (const name of others) expect(next[name]).toBe(known[name]);
  });

  test('every part of location and info makes a difference', () => {
    const known = nestedProfile(nested({ location: whole.location, device_info: whole.info }), unknownProfile);
    for (const name of Object.keys(whole.location))
      expect(
        nestedProfile(nested({ location: { ...whole.location, [name]: null }, device_info: whole.info }), known),
      ).not.toBe(known);
    for (const name of Object.keys(whole.info))
      expect(
        nestedProfile(nested({ location: whole.location, device_info: { ...whole.info, [name]: null } }), known),
      ).not.toBe(known);
  });
});

const whole = {
  location: { building: 'b', floor: 1, room: 'r', zone: 'z', latitude: 1, longitude: 2 },
  info: { model: 'm', manufacturer: 'n', firmware: 'f', hardware: 'h', serial_number: 's', network_type: 'w' },
};

const flat = (members: object): FlatRecord => ({ device_id: 'd', ...members }) as FlatRecord;

describe('flatProfile', () => {
  test('takes the location as the building, and shares what is known', () => {
    const members = { device_type: '综合传感器', location: '仓库1', status: '警告' };
    const known = flatProfile(flat(members), unknownProfile);
    expect(known).toMatchObject({
      type: '综合传感器',
      status: '警告',
      location: { building: '仓库1', floor: null },
      info: null,
    });
    expect(flatProfile(flat(members), known)).toBe(known);
    expect(flatProfile(flat({ ...members, location: '仓库2' }), known)).not.toBe(known);
    expect(flatProfile(flat({}), known)).toEqual(unknownProfile);
  });
});
