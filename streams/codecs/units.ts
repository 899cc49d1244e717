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
  // A difference of temperatures has no zero: 9 °F apart are 5 K apart.
  ['ΔK', unit('temperature difference')],
  ['Δ°C', unit('temperature difference')],
  ['Δ°F', unit('temperature difference', 5, 9)],
  ['Pa', unit('pressure')],
  ['hPa', unit('pressure', 100)],
  ['mbar', unit('pressure', 100)],
  ['kPa', unit('pressure', 1_000)],
  ['bar', unit('pressure', 100_000)],
  ['MPa', unit('pressure', 1_000_000)],
  ['psi', unit('pressure', 6_894.757293168361)],
  ['mmHg', unit('pressure', 133.322387415)],
  ['inHg', unit('pressure', 3_386.388640341)],
  ['atm', unit('pressure', 101_325)],
  ['%', unit('ratio', 1, 100)],
  ['‰', unit('ratio', 1, 1_000)],
  ['ppm', unit('ratio', 1, 1_000_000)],
  ['ppb', unit('ratio', 1, 1_000_000_000)],
  ['ratio', unit('ratio')],
  ['A', unit('current')],
  ['mA', unit('current', 1, 1_000)],
  ['µA', unit('current', 1, 1_000_000)],
  ['kA', unit('current', 1_000)],
  ['V', unit('voltage')],
  ['mV', unit('voltage', 1, 1_000)],
  ['kV', unit('voltage', 1_000)],
  ['W', unit('power')],
  ['mW', unit('power', 1, 1_000)],
  ['kW', unit('power', 1_000)],
  ['MW', unit('power', 1_000_000)],
  ['hp', unit('power', 745.6998715822702)],
  ['VA', unit('apparent power')],
  ['kVA', unit('apparent power', 1_000)],
  ['var', unit('reactive power')],
  ['kvar', unit('reactive power', 1_000)],
  ['J', unit('energy')],
  ['kJ', unit('energy', 1_000)],
  ['MJ', unit('energy', 1_000_000)],
  ['Wh', unit('energy', 3_600)],
  ['kWh', unit('energy', 3_600_000)],
  ['MWh', unit('energy', 3_600_000_000)],
  ['Hz', unit('frequency')],
  ['kHz', unit('frequency', 1_000)],
  ['MHz', unit('frequency', 1_000_000)],
  ['rpm', unit('frequency', 1, 60)],
  ['m/s', unit('speed')],
  ['mm/s', unit('speed', 1, 1_000)],
  ['km/h', unit('speed', 10, 36)],
  ['mph', unit('speed', 44_704, 100_000)],
  ['kn', unit('speed', 1_852, 3_600)],
  ['ft/min', unit('speed', 3_048, 600_000)],
  ['in/s', unit('speed', 254, 10_000)],
  ['m/s²', unit('acceleration')],
  ['mm/s²', unit('acceleration', 1, 1_000)],
  ['g', unit('acceleration', 980_665, 100_000)],
  ['m', unit('length')],
  ['µm', unit('length', 1, 1_000_000)],
  ['mm', unit('length', 1, 1_000)],
  ['cm', unit('length', 1, 100)],
  ['km', unit('length', 1_000)],
  ['in', unit('length', 254, 10_000)],
  ['ft', unit('length', 3_048, 10_000)],
  ['kg', unit('mass')],
  ['t', unit('mass', 1_000)],
  ['lb', unit('mass', 45_359_237, 100_000_000)],
  ['L', unit('volume', 1, 1_000)],
  ['mL', unit('volume', 1, 1_000_000)],
  ['m³', unit('volume')],
  ['gal', unit('volume', 3_785_411_784, 1_000_000_000_000)],
  ['m³/s', unit('flow')],
  ['m³/h', unit('flow', 1, 3_600)],
  ['L/s', unit('flow', 1, 1_000)],
  ['L/min', unit('flow', 1, 60_000)],
  ['L/h', unit('flow', 1, 3_600_000)],
  ['s', unit('time')],
  ['ms', unit('time', 1, 1_000)],
  ['min', unit('time', 60)],
  ['h', unit('time', 3_600)],
  ['d', unit('time', 86_400)],
  ['Ω', unit('resistance')],
  ['kΩ', unit('resistance', 1_000)],
  ['MΩ', unit('resistance', 1_000_000)],
  ['°', unit('angle', Math.PI, 180)],
  ['rad', unit('angle')],
  ['lx', unit('illuminance')],
  ['dBm', unit('level')],
  ['dB', unit('level ratio')],
  ['pH', unit('acidity')],
  ['µg/m³', unit('concentration')],
  ['mg/m³', unit('concentration', 1_000)],
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
  // The micro sign and the Greek letter look the same.
  ['μA', 'µA'],
  ['uA', 'µA'],
  ['μm', 'µm'],
  ['um', 'µm'],
  ['μg/m³', 'µg/m³'],
  ['ug/m3', 'µg/m³'],
  ['mg/m3', 'mg/m³'],
  ['ohm', 'Ω'],
  // The sign of the ohm, U+2126, looks like the letter omega.
  ['\u2126', 'Ω'],
  ['kohm', 'kΩ'],
  ['l', 'L'],
  ['liter', 'L'],
  ['m3', 'm³'],
  ['m3/h', 'm³/h'],
  ['m3/s', 'm³/s'],
  ['l/min', 'L/min'],
  ['m/s2', 'm/s²'],
  ['kph', 'km/h'],
  ['kmh', 'km/h'],
  ['knots', 'kn'],
  ['lux', 'lx'],
  ['deg', '°'],
  ['sec', 's'],
]);

const unitOf = (name: string): Unit | undefined => units.get(spellings.get(name) ?? name);

/** What a unit measures, in a word or two; null for a unit nobody knows. */
export const dimensionOf = (name: string): string | null => unitOf(name)?.dimension ?? null;

/** Every unit there is, under its first spelling; of one dimension when it is given. */
export const unitNames = (dimension: string | null = null): readonly string[] =>
  [...units].filter(([, one]) => dimension === null || one.dimension === dimension).map(([name]) => name);

/** Another name of the same unit counts as the same: `celsius` and `°C`. */
export const isSameUnit = (one: string, other: string): boolean =>
  one === other || (unitOf(one) !== undefined && unitOf(one) === unitOf(other));

const converted = (value: number, source: Unit, target: Unit): number => {
  const base = ((value - source.zero) * source.times) / source.per;
  return (base * target.per) / target.times + target.zero;
};

/** Converts between units of one dimension; null when one of them is unknown or they measure different things. Never gives −0. */
export const convert = (value: number, from: string, to: string): number | null => {
  const source = unitOf(from);
  const target = unitOf(to);
  if (source === undefined || target === undefined || source.dimension !== target.dimension) return null;
  return source === target ? value : converted(value, source, target);
};

/** The same, looked up once for many values. */
export const converter = (from: string, to: string): ((value: number) => number) | null => {
  const source = unitOf(from);
  const target = unitOf(to);
  if (source === undefined || target === undefined || source.dimension !== target.dimension) return null;
  return source === target ? (value) => value : (value) => converted(value, source, target);
};
