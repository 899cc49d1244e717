const temperature: Readonly<Record<string, (value: number) => number>> = {
  K: (value) => value - 273.15,
  kelvin: (value) => value - 273.15,
  F: (value) => ((value - 32) * 5) / 9,
};
const scaled = (factor: number) => (value: number) => value * factor;
const asIs = scaled(1);

/** Every unit that a record of these metrics may name, to the one its metric is kept in. */
const toCanonical: Readonly<Record<string, Readonly<Record<string, (value: number) => number>>>> = {
  temperature: {
    ...temperature,
    '°F': temperature['F'] ?? asIs,
    '℉': temperature['F'] ?? asIs,
    fahrenheit: temperature['F'] ?? asIs,
    '°C': asIs,
    '℃': asIs,
    C: asIs,
    celsius: asIs,
  },
  humidity: { '%': asIs, '%RH': asIs, percent: asIs, ratio: scaled(100) },
  pressure: {
    Pa: scaled(0.01),
    hPa: asIs,
    mbar: asIs,
    kPa: scaled(10),
    bar: scaled(1_000),
    MPa: scaled(10_000),
    psi: scaled(68.94757293168361),
    mmHg: scaled(1.33322387415),
  },
  current: { A: asIs, mA: scaled(0.001) },
};

/** Readings in the unit their metric is kept in; NaN where nobody knows the unit. */
export const canonical = (
  values: ReadonlyMap<string, number>,
  inUnits: ReadonlyMap<string, string>,
): Map<string, number> => {
  const out = new Map<string, number>();
  for (const [metric, value] of values) {
    const unit = inUnits.get(metric) ?? '';
    const known = toCanonical[metric];
    if (unit === '' || known === undefined) out.set(metric, value);
    else out.set(metric, Object.hasOwn(known, unit) ? (known[unit] ?? asIs)(value) : NaN);
  }
  return out;
};
