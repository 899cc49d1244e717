type FastCheck = typeof import('fast-check').default;

const found: FastCheck | null = await import('fast-check').then(
  ({ default: fc }) => fc,
  () => null,
);

/** fast-check is asked of those alone who draw logs. Errors: throws with what to install when it is not there. */
export const fastCheck = (): FastCheck => {
  if (found !== null) return found;
  throw new Error(
    'obeysStreamLaws and logs draw with fast-check, which is not installed: npm install --save-dev fast-check',
  );
};

/** A method of this name is how fast-check prints what it has drawn. */
export const printed = Symbol.for('fast-check/toStringMethod');
