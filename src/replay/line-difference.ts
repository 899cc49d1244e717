/** `=` in both, `-` only expected, `+` only found. */
export interface Line<A> {
  readonly sign: '=' | '-' | '+';
  readonly item: A;
}

/** So many comparisons are made to find the shortest difference; beyond that, everything goes and comes. */
const mostCompared = 4_000_000;

/** The fewest lines that must go and come to make one list of another, in order. */
export const difference = <A>(
  expected: readonly A[],
  found: readonly A[],
  isSame: (expected: A, found: A) => boolean,
): readonly Line<A>[] => {
  let head = 0;
  while (head < Math.min(expected.length, found.length) && isSameAt(expected, found, head, head, isSame)) head += 1;
  let tail = 0;
  while (
    tail < Math.min(expected.length, found.length) - head &&
    isSameAt(expected, found, expected.length - 1 - tail, found.length - 1 - tail, isSame)
  )
    tail += 1;
  const middle = {
    expected: expected.slice(head, expected.length - tail),
    found: found.slice(head, found.length - tail),
  };
  const kept = (items: readonly A[]): readonly Line<A>[] => items.map((item) => ({ sign: '=', item }));
  return [
    ...kept(found.slice(0, head)),
    ...between(middle.expected, middle.found, isSame),
    ...kept(found.slice(found.length - tail)),
  ];
};

const isSameAt = <A>(
  expected: readonly A[],
  found: readonly A[],
  i: number,
  j: number,
  isSame: (expected: A, found: A) => boolean,
): boolean => {
  const [one, other] = [expected[i], found[j]];
  return one !== undefined && other !== undefined && isSame(one, other);
};

/** By the longest common subsequence. */
const between = <A>(
  expected: readonly A[],
  found: readonly A[],
  isSame: (expected: A, found: A) => boolean,
): readonly Line<A>[] => {
  const gone = expected.map((item): Line<A> => ({ sign: '-', item }));
  const come = found.map((item): Line<A> => ({ sign: '+', item }));
  if (expected.length * found.length > mostCompared) return [...gone, ...come];
  const width = found.length + 1;
  const common = new Uint32Array((expected.length + 1) * width);
  for (let i = expected.length - 1; i >= 0; i -= 1)
    for (let j = found.length - 1; j >= 0; j -= 1)
      common[i * width + j] = isSameAt(expected, found, i, j, isSame)
        ? 1 + (common[(i + 1) * width + j + 1] ?? 0)
        : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const lines: Line<A>[] = [];
  let [i, j] = [0, 0];
  while (i < expected.length && j < found.length) {
    if (isSameAt(expected, found, i, j, isSame)) {
      lines.push(...found.slice(j, j + 1).map((item): Line<A> => ({ sign: '=', item })));
      i += 1;
      j += 1;
    } else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)) {
      lines.push(...gone.slice(i, i + 1));
      i += 1;
    } else {
      lines.push(...come.slice(j, j + 1));
      j += 1;
    }
  }
  return [...lines, ...gone.slice(i), ...come.slice(j)];
};
