import fc from 'fast-check';

/** Numbers as JSON has them: as doubles are written, and with any digits before and behind the point. */
export const numberTexts = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat({ max: 24 })).map(([digits, decimals]) => {
    const plain = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0');
    const cut = plain.length - decimals;
    return `${digits < 0n ? '-' : ''}${plain.slice(0, cut)}${decimals === 0 ? '' : `.${plain.slice(cut)}`}`;
  }),
);
