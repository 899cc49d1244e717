/** Errors: rejects when there is no answer in time, with the reason last heard if there is one. */
export const within = async <A>(ms: number, asked: Promise<A>, reason: () => Error | null): Promise<A> => {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(reason() ?? new Error(`no answer within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([asked, overdue]);
  } finally {
    clearTimeout(timer);
  }
};
