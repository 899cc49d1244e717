/** The servers that the tests were given. Errors: throws when there are none. */
export const given = (): { readonly brokers: string; readonly redis: string } => {
  const [brokers, redis] = [process.env['KAFKA_BROKERS'], process.env['REDIS_ENDPOINT']];
  if (brokers === undefined || redis === undefined) throw new Error('KAFKA_BROKERS and REDIS_ENDPOINT must be set');
  return { brokers, redis };
};
