import * as t from 'io-ts';
import type { MetricSetting } from '../model/settings.js';
import { compileCheck } from './compile.js';
import { envelopeCodec, EnvelopeHead } from './envelope.js';
import { flatCodec } from './flat.js';
import { type MemberNames, memberNames } from './layouts/member-names.js';
import { nestedCodec } from './nested.js';

/** A wire format: its codec, which explains, and a fast way of asking whether it accepts a value. */
export interface Format<A> {
  readonly codec: t.Type<A, unknown>;
  readonly accepts: (value: unknown) => value is A;
}

const known = new WeakMap<readonly MetricSetting[], Formats>();

/** The wire formats for a metric table. Compiled once for a table, so that all partitions run the same code. */
export const formatsOf = (metrics: readonly MetricSetting[]): Formats => {
  const formats = known.get(metrics) ?? compiled(metrics);
  known.set(metrics, formats);
  return formats;
};

const compiled = (metrics: readonly MetricSetting[]) => {
  const flat = formatOf(flatCodec(metrics));
  const nested = formatOf(nestedCodec(metrics));
  const envelope = formatOf(envelopeCodec(metrics));
  const members: MemberNames = memberNames(t.union([flat.codec, nested.codec, envelope.codec]));
  return { flat, nested, envelope, head: formatOf(EnvelopeHead), members };
};

export type Formats = ReturnType<typeof compiled>;

const formatOf = <A>(codec: t.Type<A, unknown>): Format<A> => {
  const check = compileCheck(codec);
  return { codec, accepts: (value): value is A => check(value) };
};
