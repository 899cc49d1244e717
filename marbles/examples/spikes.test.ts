import { describe } from 'vitest';
import { all, deadLetter, marbles, obeysStreamLaws } from '../kit/index.js';
import { spikes } from './spikes.js';

describe('spikes', () => {
  const steady = spikes({ metric: 'temperature', maxStep: 10 });

  obeysStreamLaws(steady);

  marbles(
    'turns away a reading that jumps',
    ({ cold, chunk, settings, state, expectObservable, expectSubscriptions }) => {
      const at = (temperature: number) => chunk({ readings: { temperature } });
      const [a, b, c] = [at(20), at(90), at(21)];
      const source = cold(' -a-b-c-|', { a, b, c });
      const subs = '        ^------!';
      const result = '      -a-S-c-|';

      const spike = deadLetter('out_of_range', {
        path: 'temperature',
        message: 'temperature jumped from 20 to 90, more than 10',
      });
      expectObservable(source.pipe(steady(settings, state))).toBe(result, { a, S: all(chunk(), spike), c });
      expectSubscriptions(source.subscriptions).toBe(subs);
    },
  );

  marbles('believes the third far reading in a row', ({ cold, chunk, settings, state, expectObservable }) => {
    const at = (temperature: number) => chunk({ readings: { temperature } });
    const [a, b, c, d, e] = [at(20), at(90), at(91), at(92), at(93)];
    const source = cold(' -a-b-c-d-e-|', { a, b, c, d, e });
    const result = '      -a-S-S-d-e-|';

    expectObservable(source.pipe(steady(settings, state))).toBe(result, {
      a,
      S: all(chunk(), deadLetter('out_of_range')),
      d,
      e,
    });
  });

  marbles('judges each device by itself', ({ cold, chunk, settings, state, expectObservable }) => {
    const both = chunk(
      { device: 'd1', readings: { temperature: 20 } },
      { device: 'd2', readings: { temperature: 90 } },
    );
    const source = cold(' -a-|', { a: both });
    const result = '      -a-|';

    expectObservable(source.pipe(steady(settings, state))).toBe(result, { a: both });
  });

  marbles('lets a record without the reading through', ({ cold, chunk, settings, state, expectObservable }) => {
    const [a, b, c] = [
      chunk({ readings: { temperature: 20 } }),
      chunk({ readings: { humidity: 50 } }),
      chunk({ readings: { temperature: 90 } }),
    ];
    const source = cold(' -a-b-c-|', { a, b, c });
    const result = '      -a-b-S-|';

    expectObservable(source.pipe(steady(settings, state))).toBe(result, {
      a,
      b,
      S: all(chunk(), deadLetter('out_of_range')),
    });
  });
});
