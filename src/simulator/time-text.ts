const zoneMs = 8 * 3_600_000;
let knownSecond = NaN;
let knownText = '';

/** As Go writes it in China: nine digits of a second at most, trailing zeros left out. `nanos`: what is below the millisecond. */
export const rfc3339 = (ms: number, nanos: number): string => {
  const second = Math.floor(ms / 1_000);
  if (second !== knownSecond) {
    knownSecond = second;
    knownText = new Date(second * 1_000 + zoneMs).toISOString().slice(0, 19);
  }
  const fraction = (ms - second * 1_000) * 1_000_000 + nanos;
  if (fraction === 0) return `${knownText}+08:00`;
  const digits = String(1_000_000_000 + fraction);
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 0x30) end -= 1;
  return `${knownText}.${digits.slice(1, end)}+08:00`;
};
