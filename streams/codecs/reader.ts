/** Reads one member of an object; what is inherited may show through, so whoever uses it checks the type of what it gives. */
export type Reader = (object: object) => unknown;

/**
 * Code of its own for each name: the engine then learns for each where it lies, which a loop over names can't. Where code may not be
 * generated the loop it is.
 */
export const readerOf = (name: string): Reader => {
  try {
    return new Function('object', `return object[${JSON.stringify(name)}];`) as Reader;
  } catch {
    return (object) => (object as Readonly<Record<string, unknown>>)[name];
  }
};
