import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuleLog } from '../../src/rules/rule-log.js';

/** The logs of two processes of one group. */
export interface OpenedRuleLogs {
  readonly log: RuleLog;
  readonly other: RuleLog;
  close(): Promise<void>;
}

const rules = (version: string): { version: string; text: string } => ({
  version,
  text: `# ${version}\nversion: 1 °C\n`,
});

/** What every log of rules must do. */
export const ruleLogConformance = (name: string, open: () => Promise<OpenedRuleLogs>): void => {
  describe(`${name} is a log of rules`, () => {
    let opened: OpenedRuleLogs;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('knows nothing at first', async () => {
      await expect(opened.log.active()).resolves.toBeNull();
      await expect(opened.log.newest()).resolves.toBeNull();
      await expect(opened.log.history()).resolves.toEqual([]);
    });

    it('shows every process what one of them put in force', async () => {
      const entry = await opened.log.activate(rules('a'));
      expect(entry).toMatchObject({ sequence: 1, ...rules('a') });
      expect(Math.abs(entry.activatedAtMs - Date.now())).toBeLessThan(60_000);
      await expect(opened.other.active()).resolves.toEqual(entry);
      await expect(opened.other.newest()).resolves.toMatchObject({ sequence: 1, version: 'a' });
    });

    it('counts on, also back to rules that were in force before', async () => {
      await opened.log.activate(rules('a'));
      await opened.other.activate(rules('b'));
      await expect(opened.log.activate(rules('a'))).resolves.toMatchObject({ sequence: 3, version: 'a' });
      await expect(opened.other.history()).resolves.toMatchObject([
        { version: 'a' },
        { version: 'b' },
        { version: 'a' },
      ]);
    });

    it('tells the newest anew each time it is asked', async () => {
      for (const version of ['a', 'b', 'a']) {
        const { sequence } = await opened.other.activate(rules(version));
        for (let again = 0; again < 2; again += 1)
          await expect(opened.log.newest()).resolves.toMatchObject({ sequence, version });
      }
    });

    it('puts nothing in force that is already, however many ask at once', async () => {
      const all = await Promise.all(
        Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? opened.log : opened.other).activate(rules('a'))),
      );
      expect(new Set(all.map(({ sequence }) => sequence))).toEqual(new Set([1]));
    });

    it('keeps the last 20', async () => {
      for (let i = 0; i < 25; i += 1) await opened.log.activate(rules(`v${i}`));
      const history = await opened.log.history();
      expect(history.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, i) => 25 - i));
    });
  });
};
