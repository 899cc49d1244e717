import type { ActiveRules, ServiceRules } from '../rules/active.js';
import type { Runs } from '../rules/runs.js';
import { unbundled } from '../rules/texts.js';
import { decodeQuery, noQuery } from './query.js';
import type { Routes } from './router.js';

/** What can be asked of the rules in force. */
export type RulesToShow = Pick<ServiceRules, 'current' | 'lastReload' | 'path' | 'history'> & {
  readonly runs: Pick<Runs, 'list'>;
};

/** Which rules are in force, since when, and where. */
export const rulesRoutes = (rules: RulesToShow): Routes => ({
  '/api/v1/rules': async ({ query }) => {
    decodeQuery(noQuery, query);
    const history = await rules.history();
    const { version, sequence, activatedAtMs, settings } = rules.current;
    const { metrics, derive, windows, detect, alerts } = settings.rules;
    return {
      version,
      sequence,
      activatedAtMs,
      path: rules.path,
      files: filesOf(rules.current).map(({ name }) => name),
      counts: {
        metrics: metrics.length,
        derive: derive.length,
        windows: windows.length,
        detect: detect.length,
        alerts: alerts.length,
      },
      lastReload: rules.lastReload,
      partitions: rules.runs.list().map(({ source, span }) => ({
        ...source,
        version: span?.version ?? null,
        sequence: span?.sequence ?? null,
        since: span?.since ?? null,
      })),
      history: history.map(({ sequence: number, version: named, activatedAtMs: atMs }) => ({
        sequence: number,
        version: named,
        activatedAtMs: atMs,
      })),
    };
  },
  '/api/v1/rules/text': ({ query }) => {
    decodeQuery(noQuery, query);
    const { version, sequence } = rules.current;
    return Promise.resolve({ version, sequence, files: filesOf(rules.current) });
  },
});

const filesOf = ({ text }: ActiveRules) => unbundled(text) ?? [];
