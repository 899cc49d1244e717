import { describe, expect, it } from 'vitest';
import { LazyCommits, type Settled } from '../../../../../src/sources/kafka/group/lazy-commits.js';
import { asOffset } from '../../../../../streams/model/units.js';

const at = (partition: number, next: number): Settled => ({ topic: 'telemetry', partition, next: asOffset(next) });

describe('LazyCommits', () => {
  it('sends what changed, again after a failure, and everything after a join', async () => {
    const commits = new LazyCommits();
    const sent: (readonly Settled[])[] = [];
    const commit = (offsets: readonly Settled[]): Promise<void> => Promise.resolve(void sent.push(offsets));
    await commits.flush([at(0, 5), at(1, 7)], commit);
    await commits.flush([at(0, 5), at(1, 8)], () => Promise.reject(new Error('coordinator moved')));
    await commits.flush([at(0, 5), at(1, 8)], commit);
    await commits.flush([at(0, 5), at(1, 8)], commit);
    commits.forget();
    await commits.flush([at(0, 5), at(1, 8)], commit);
    expect(sent).toEqual([[at(0, 5), at(1, 7)], [at(1, 8)], [at(0, 5), at(1, 8)]]);
    expect(commits.failures).toBe(1);
  });

  it('has one attempt in flight', async () => {
    const commits = new LazyCommits();
    let finish: () => void = () => undefined;
    const first = commits.flush([at(0, 1)], () => new Promise((resolve) => (finish = resolve)));
    await commits.flush([at(0, 2)], () => Promise.reject(new Error('a second one was made')));
    expect(commits.failures).toBe(0);
    finish();
    await first;
  });
});
