/** −0 is 0: JSON texts of the state don't tell them apart, so results must not either. */
export const positiveZero = (value: number): number => value + 0;

/** Whether a unit as written is another than the canonical one, and there is one to convert to. */
export const isForeignUnit = (unit: string | null | undefined, canonical: string): unit is string =>
  unit != null && unit !== '' && unit !== canonical && canonical !== '';
