import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { HttpFault } from './answer.js';

/** Codecs of what stands behind the `?`. Their names say in errors what was expected. */

export const defaultLimit = 100;
const maxLimit = 1000;

const digits = /^-?\d{1,16}$/;

const integerText = (name: string, isIn: (value: number) => boolean) =>
  new t.Type<number, string, unknown>(
    name,
    t.number.is,
    (input, context) =>
      typeof input === 'string' && digits.test(input) && isIn(Number(input))
        ? t.success(Number(input))
        : t.failure(input, context),
    String,
  );

const limit = integerText(`a whole number from 1 to ${maxLimit}`, (value) => value >= 1 && value <= maxLimit);
const epochMs = integerText('a time in epoch milliseconds', Number.isSafeInteger);
const text = new t.Type<string, string, unknown>(
  'a text of 1 to 256 characters',
  t.string.is,
  (input, context) =>
    typeof input === 'string' && input.length >= 1 && input.length <= 256
      ? t.success(input)
      : t.failure(input, context),
  String,
);

export const devicesQuery = t.exact(t.partial({ limit, after: text }), 'devices');
export const windowsQuery = t.exact(
  t.partial({ rule: text, metric: text, from: epochMs, to: epochMs, limit }),
  'windows',
);
export const alertsQuery = t.exact(
  t.partial({
    state: t.keyof(
      { open: null, active: null, recovering: null, cleared: null },
      'open, active, recovering or cleared',
    ),
    limit,
  }),
  'alerts',
);
export const noQuery = t.exact(t.partial({}), 'none');

/**
 * Decodes search parameters. Unknown and repeated ones are refused: a misspelt filter must not look like one that matched.
 * Errors: throws `HttpFault` 400 `bad_query` that names every fault.
 */
export const decodeQuery = <P extends t.Props>(
  codec: t.ExactC<t.PartialC<P>>,
  parameters: URLSearchParams,
): t.TypeOf<typeof codec> => {
  const known = Object.keys(codec.type.props);
  const faults = [...new Set(parameters.keys())].flatMap((name) => {
    if (!known.includes(name)) return [`unknown parameter "${name}" (known: ${known.join(', ') || 'none'})`];
    return parameters.getAll(name).length > 1 ? [`"${name}" is given more than once`] : [];
  });
  const decoded = codec.decode(Object.fromEntries(parameters));
  if (isLeft(decoded)) faults.push(...decoded.left.map(faultOf));
  if (isLeft(decoded) || faults.length > 0) throw new HttpFault(400, 'bad_query', faults.join('; '));
  return decoded.right;
};

/**
 * What to read of a device's windows. An unknown metric or a span without any time would look like a device that has none.
 * Errors: as `decodeQuery`.
 */
export const decodeWindowsQuery = (
  parameters: URLSearchParams,
  metrics: readonly string[],
): t.TypeOf<typeof windowsQuery> => {
  const decoded = decodeQuery(windowsQuery, parameters);
  const { metric, from, to } = decoded;
  const faults: string[] = [];
  if (metric !== undefined && !metrics.includes(metric)) {
    faults.push(`"metric" must be one of ${metrics.join(', ')}, not ${JSON.stringify(metric)}`);
  }
  if (from !== undefined && to !== undefined && from >= to) {
    faults.push(`"from" must be before "to", and ${from} is not before ${to}`);
  }
  if (faults.length > 0) throw new HttpFault(400, 'bad_query', faults.join('; '));
  return decoded;
};

const faultOf = ({ context, value }: t.ValidationError): string => {
  const last = context.at(-1);
  return `"${last?.key ?? '?'}" must be ${last?.type.name ?? 'something else'}, not ${JSON.stringify(value)}`;
};
