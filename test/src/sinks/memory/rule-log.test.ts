import { memoryRuleLog } from '../../../../src/sinks/memory/rule-log.js';
import { ruleLogConformance } from '../../../conformance/rule-log.js';

ruleLogConformance('memory', () => {
  const log = memoryRuleLog();
  return Promise.resolve({ log, other: log, close: () => log.close() });
});
