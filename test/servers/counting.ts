import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule, TestSuite } from 'vitest/node';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Where the reporter leaves its counts. */
export const countsFile = 'TEST_COUNTS_FILE';

/** Counts tests for the last line of `npm test`. Whatever went wrong outside a test counts as one that failed. */
export default class Counting implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env[countsFile];
    if (file === undefined) return;
    writeFileSync(file, JSON.stringify(countsOf(modules, unhandled.length)));
  }
}

const countsOf = (modules: readonly TestModule[], unhandled: number): Counts => {
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const count = (wanted: string): number => states.filter((state) => state === wanted).length;
  const passed = count('passed');
  const skipped = count('skipped');
  // Files that did not load, hooks that threw, files whose tests never ran: none of them is a test's own failure.
  const suites = modules.flatMap((module): (TestModule | TestSuite)[] => [module, ...module.children.allSuites()]);
  const broken = suites.filter((suite) => suite.errors().length > 0).length;
  return { passed, skipped, failed: states.length - passed - skipped + broken + unhandled };
};
