/** How a unit relates to the base unit of its dimension: base = (value − zero) · times / per. Whole numbers, so that 113 °F are 45 °C. */
interface Unit {
  readonly dimension: string;
  readonly times: number;
  readonly per: number;
  readonly zero: number;
}

const unit = (dimension: string, times = 1, per = 1, zero = 0): Unit => ({ dimension, times, per, zero });

/** Factors of exact units are exact (BIPM SI Brochure; NIST SP 811, appendix B). */
const units: ReadonlyMap<string, Unit> = new Map([
  ['°C', unit('temperature')],
  ['K', unit('temperature', 1, 1, 273.15)],
  ['°F', unit('temperature', 5, 9, 32)],
  ['Pa', unit('pressure')],
  ['hPa', unit('pressure', 100)],
  ['mbar', unit('pressure', 100)],
  ['kPa', unit('pressure', 1_000)],
  ['bar', unit('pressure', 100_000)],
  ['MPa', unit('pressure', 1_000_000)],
  ['psi', unit('pressure', 6_894.757293168361)],
  ['mmHg', unit('pressure', 133.322387415)],
  ['%', unit('ratio', 1, 100)],
  ['ratio', unit('ratio')],
  ['A', unit('current')],
  ['mA', unit('current', 1, 1_000)],
  ['V', unit('voltage')],
  ['mV', unit('voltage', 1, 1_000)],
  ['kV', unit('voltage', 1_000)],
  ['W', unit('power')],
  ['kW', unit('power', 1_000)],
  ['dBm', unit('level')],
]);

/** Other spellings of the same units. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['C', '°C'],
  ['℃', '°C'],
  ['celsius', '°C'],
  ['F', '°F'],
  ['℉', '°F'],
  ['fahrenheit', '°F'],
  ['kelvin', 'K'],
  ['%RH', '%'],
  ['percent', '%'],
]);

/** Converts between units of one dimension; null when one of them is unknown or they measure different things. Never gives −0. */
export const convert = (value: number, from: string, to: string): number | null => {
  const source = units.get(spellings.get(from) ?? from);
  const target = units.get(spellings.get(to) ?? to);
  if (source === undefined || target === undefined || source.dimension !== target.dimension) return null;
  if (source === target) return value;
  const base = ((value - source.zero) * source.times) / source.per;
  return (base * target.per) / target.times + target.zero;
};
