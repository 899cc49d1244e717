import type { DeviceFacts, Rules } from '../../../streams/rules/rules.js';
import { showFault } from '../../../src/config/faults.js';
import type { RuleFault } from '../../../src/rules/findings.js';
import { type LoadedRules, type LoadOptions, rulesFromTexts } from '../../../src/rules/load.js';

/** Two metrics to begin with; a test appends its own sections. */
export const twoMetrics = `version: 1
metrics:
  temperature: { unit: °C, range: [-50, 150] }
  humidity: { unit: "%", range: [0, 100] }
`;

export const loaded = (text: string, options: LoadOptions = {}): LoadedRules => {
  const made = rulesFromTexts([{ name: 'a.rules.yaml', text }], options);
  if (made._tag === 'Left') throw new Error(made.left.map(showFault).join('\n'));
  return made.right;
};

export const rulesOf = (text: string): Rules => loaded(text).rules;

export const faultsIn = (text: string): readonly RuleFault[] => {
  const made = rulesFromTexts([{ name: 'a.rules.yaml', text }]);
  return made._tag === 'Left' ? made.left : [];
};

/** One line per fault; none when there is none. */
export const faultsOf = (text: string): readonly string[] =>
  faultsIn(text).map((fault) => `${showFault(fault)} (${fault.rule ?? '-'})`);

export const warningsOf = (text: string, options: LoadOptions = {}): readonly string[] =>
  loaded(text, options).warnings.map((fault) => `${showFault(fault)} (${fault.rule ?? '-'})`);

interface Given {
  readonly type?: string;
  readonly building?: string;
  readonly floor?: number;
  readonly serial?: string;
}

export const device = (id: string, { type, building, floor, serial }: Given = {}): DeviceFacts => ({
  id,
  profile: {
    type: type ?? null,
    status: null,
    location:
      building === undefined && floor === undefined
        ? null
        : { building: building ?? null, floor: floor ?? null, room: null, zone: null, latitude: null, longitude: null },
    info:
      serial === undefined
        ? null
        : { model: null, manufacturer: null, firmware: null, hardware: null, serialNumber: serial, networkType: null },
  },
});

/** Two metrics, and one alert that says so. */
export const alert = (rest: string): string => `${twoMetrics}alerts:\n  - { id: hot, ${rest} }\n`;
