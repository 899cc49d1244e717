import type { Rules } from '../../streams/rules/rules.js';
import { exitCode } from './exit.js';
import { columns, err, out, outJson } from './output.js';
import { faultLine, tellFaults, withMessages } from './rule-faults.js';
import { readTold, type ToldOptions } from './told.js';

/** Looks at rules offline: nothing is asked but the file, and the configuration when one is named. */
export const checkRules = async (file: string, options: ToldOptions, json: boolean): Promise<number> => {
  const told = options.config === undefined ? null : await readTold(options, { json });
  if (told?.isRight === false) return told.code;
  const { loadRules } = await import('../rules/load.js');
  const config = told?.resolved.config;
  const kept =
    config === undefined
      ? {}
      : { kept: { windows: config.redis.keepWindows, maxPastMs: config.pipeline.time.maxPastMs } };
  const loaded = loadRules(file, kept);
  if (loaded._tag === 'Left') {
    if (json) outJson({ isSound: false, faults: withMessages(loaded.left), warnings: [] });
    else {
      tellFaults(loaded.left);
      err(`weir: ${loaded.left.length === 1 ? 'one fault' : `${loaded.left.length} faults`} in the rules\n`);
    }
    return exitCode.config;
  }
  const { rules, warnings, version } = loaded.right;
  const counts = countsOf(rules);
  if (json) outJson({ isSound: true, version, counts, faults: [], warnings: withMessages(warnings) });
  else {
    for (const warning of warnings) err(`weir: warning: ${faultLine(warning)}\n`);
    out(columns([['rules', version], ...Object.entries(counts).map(([name, count]) => [name, String(count)])]));
  }
  return exitCode.ok;
};

const countsOf = ({ metrics, derive, windows, detect, alerts }: Rules): Readonly<Record<string, number>> => ({
  metrics: metrics.filter(({ isDerived }) => !isDerived).length,
  derived: derive.length,
  windows: windows.length,
  detections: detect.length,
  alerts: alerts.length,
});
