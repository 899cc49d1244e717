/**
 * Whether a whole text is what a glob describes: `*` for any characters, none included, `?` for one. Case counts. Takes time in proportion to the
 * product of both lengths at most, whatever the pattern.
 */
export const globMatches = (glob: string, text: string): boolean => {
  let at = 0;
  let of = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const wanted = glob[of];
    if (wanted === '*') {
      star = of++;
      resumeAt = at;
    } else if (wanted === '?' || wanted === text[at]) {
      of++;
      at++;
    } else if (star >= 0) {
      of = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  while (glob[of] === '*') of++;
  return of === glob.length;
};
