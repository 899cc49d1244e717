import type { Havoc } from './havoc.js';
import type { Verdict } from './verdict.js';

/** What happened, in a few lines for people. */
export const account = (verdict: Verdict, havoc: Havoc): readonly string[] => {
  const { SIGKILL, SIGTERM, SIGSTOP } = havoc.blows;
  const said = (event: string): number => havoc.count(event);
  return [
    `${verdict.records} records, ${verdict.devices} devices: ${pairs(verdict.tally)}`,
    `${verdict.closedWindows} windows closed, ${verdict.openWindows} open, ${verdict.corrections} corrections; ${verdict.alerts} alerts`,
    ...Object.entries(verdict.kinds).map(([kind, counts]) => `windows, ${kind}: ${pairs({ ...counts })}`),
    `${verdict.joinedSessions} times two sessions became one`,
    `${verdict.deadLetters} dead letters (${pairs(verdict.reasons)}), ${verdict.repeatedLetters} written more than once`,
    `${SIGKILL} SIGKILL, ${SIGTERM} SIGTERM, ${SIGSTOP} SIGSTOP beyond the session; ${havoc.all.length} processes`,
    `${said('acquired')} acquisitions, ${said('fenced')} commits fenced, ${said('rolled_back')} rolled back, ${said('store_refused')} refused, ${said('data_loss')} losses`,
    `${verdict.differences.length} differences`,
    ...verdict.differences.slice(0, 20),
  ];
};

export const pairs = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
