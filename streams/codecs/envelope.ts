import * as t from 'io-ts';
import type { MetricSetting } from '../model/settings.js';
import { MessageId } from './fields.js';
import { nestedCodec } from './nested.js';

/** What every envelope says about itself. */
export const EnvelopeHead = t.type({ message_id: MessageId, message_type: t.string });
export type EnvelopeHead = t.TypeOf<typeof EnvelopeHead>;

/** Kinds of envelope that carry no telemetry. */
export const otherMessageTypes: ReadonlySet<string> = new Set([
  'alert',
  'system_status',
  'heartbeat',
  'subscription',
  'command',
]);

/** An envelope around a device as the nested format has it. The envelope's own timestamp (seconds or ms) is not used. */
export const envelopeCodec = (metrics: readonly MetricSetting[]) =>
  t.intersection(
    [EnvelopeHead, t.type({ payload: t.type({ device: nestedCodec(metrics) }, 'an object with a device') })],
    'an object',
  );
