/** −0 is 0: JSON texts of the state don't tell them apart, so results must not either. */
export const positiveZero = (value: number): number => value + 0;
