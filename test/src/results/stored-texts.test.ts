import { expect, it } from 'vitest';
import { decodeAlert, decodeDevice, decodeOwn, decodeWindow } from '../../../src/results/stored-texts.js';
import { alertAt, baseMs, closedWindow, deviceText } from '../../conformance/store-fixtures.js';

it('reads what was written', () => {
  expect(decodeAlert(JSON.stringify(alertAt(1)))).toEqual(alertAt(1));
  expect(decodeWindow(JSON.stringify(closedWindow(baseMs, [1, 2])))).toEqual(closedWindow(baseMs, [1, 2]));
  expect(decodeDevice(deviceText()).latest?.offset).toBe(7);
  expect(decodeOwn('{"logTime":{}}').tally).toBeUndefined();
});

it.each([
  ['no JSON', () => decodeAlert('{'), /a stored alert can not be read: is not JSON/],
  [
    'a member of another type',
    () => decodeWindow(JSON.stringify({ ...closedWindow(0, [1]), count: '1' })),
    /window.*count/,
  ],
  ['a member that is missing', () => decodeDevice('{"latest":{}}'), /device.*eventTimeMs/],
])('says what is wrong with %s', (_what, decode, words) => {
  expect(decode).toThrow(
    expect.objectContaining({ code: 'state_corrupt', message: expect.stringMatching(words) as string }),
  );
});
