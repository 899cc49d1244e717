import { describe } from 'vitest';
import { eachRecord } from '../../streams/operators/each-record.js';
import { all, deadLetter, marbles, obeysStreamLaws } from '../kit/index.js';
import { knownDevices } from './known-devices.js';

describe('knownDevices', () => {
  const onlyD1 = () => eachRecord(knownDevices(new Set(['d1'])), 'knownDevices');

  obeysStreamLaws(onlyD1);

  marbles(
    'lets registered devices through, and makes dead letters of the rest',
    ({ cold, chunk, expectObservable }) => {
      const mine = chunk({ device: 'd1' });
      const source = cold(' -a-b-|', { a: mine, b: chunk({ device: 'd2' }) });
      const result = '      -a-L-|';

      const unregistered = deadLetter('bad_id', { message: 'the device d2 is not registered' });
      expectObservable(source.pipe(onlyD1())).toBe(result, { a: mine, L: all(chunk(), unregistered) });
    },
  );
});
