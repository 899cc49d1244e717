import type { Rules } from '../../streams/rules/rules.js';
import type { RuleFault } from '../rules/findings.js';
import { exitCode } from './exit.js';
import { columns, err, out, outJson } from './output.js';
import { readTold, type ToldOptions } from './told.js';

/** Looks at rules offline: nothing is asked but the file, and the configuration when one is named. */
export const checkRules = async (file: string, options: ToldOptions, json: boolean): Promise<number> => {
  const told = options.config === undefined ? null : await readTold(options, { json });
  if (told?.isRight === false) return told.code;
  const [{ loadRules }, { showFault }] = await Promise.all([import('../rules/load.js'), import('../config/faults.js')]);
  const config = told?.resolved.config;
  const kept =
    config === undefined
      ? {}
      : { kept: { windows: config.redis.keepWindows, maxPastMs: config.pipeline.time.maxPastMs } };
  const loaded = loadRules(file, kept);
  const withMessage = (faults: readonly RuleFault[]) =>
    faults.map((fault) => ({ message: messageOf(fault), ...fault }));
  const messageOf = (fault: RuleFault): string => showFault(fault) + (fault.rule === null ? '' : ` (${fault.rule})`);
  if (loaded._tag === 'Left') {
    if (json) outJson({ isSound: false, faults: withMessage(loaded.left), warnings: [] });
    else {
      for (const fault of loaded.left) err(`${messageOf(fault)}\n`);
      err(`weir: ${loaded.left.length === 1 ? 'one fault' : `${loaded.left.length} faults`} in the rules\n`);
    }
    return exitCode.config;
  }
  const { rules, warnings, version } = loaded.right;
  const counts = countsOf(rules);
  if (json) outJson({ isSound: true, version, counts, faults: [], warnings: withMessage(warnings) });
  else {
    for (const warning of warnings) err(`weir: warning: ${messageOf(warning)}\n`);
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
