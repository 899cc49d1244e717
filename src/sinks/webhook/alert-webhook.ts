import { setTimeout as delay } from 'node:timers/promises';
import type { Alert } from '../../../streams/model/alert.js';
import type { Report } from '../../events.js';
import { webhookBody } from './payload.js';

export interface AlertWebhookOptions {
  readonly url: string;
  /** Sent along, e.g. `authorization`; never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of our page. */
  readonly pageUrl: () => string;
  readonly report: Report;
  /** How long an answer may take. Default 10 s. */
  readonly timeoutMs?: number;
  /** The first wait between two tries; it doubles up to 60 times as much. Default 500 ms. */
  readonly retryMs?: number;
  /** Tries of one notification before it is given up. Default 12, some five minutes. */
  readonly tries?: number;
}

export interface AlertWebhook {
  /** Takes alerts in their newest version. Never blocks, never throws. */
  send(changed: readonly Alert[]): void;
  /** Lets the notification under way end, tries what is left once, then gives up. */
  close(): Promise<void>;
}

/** Alerts that wait at most; of one alert only the newest version waits. Beyond it the oldest go, and it is told. */
const mostWaiting = 10_000;
const mostPerRequest = 100;

/**
 * Sends alerts to a webhook in Alertmanager's format. Best effort beside the stream: what can't be delivered in time is told and dropped, and
 * the results in the store are not touched by it. A receiver may see a version twice, in order per alert.
 */
export const alertWebhook = (options: AlertWebhookOptions): AlertWebhook => {
  const { report, timeoutMs = 10_000, retryMs = 500, tries = 12 } = options;
  const waiting = new Map<string, Alert>();
  let sending: Promise<void> | null = null;
  let isClosing = false;
  const closing = new AbortController();

  const post = async (alerts: readonly Alert[]): Promise<Verdict> => {
    try {
      const response = await fetch(options.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...options.headers },
        body: JSON.stringify(webhookBody(alerts, options.pageUrl())),
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      await response.body?.cancel();
      if (response.ok) return { _tag: 'delivered' };
      const isWorthIt = response.status >= 500 || response.status === 408 || response.status === 429;
      return { _tag: isWorthIt ? 'retry' : 'refused', message: `answered ${response.status}` };
    } catch (error) {
      return { _tag: 'retry', message: reasonOf(error) };
    }
  };

  const deliver = async (alerts: readonly Alert[]): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      const verdict = await post(alerts);
      if (verdict._tag === 'delivered') return;
      if (verdict._tag === 'refused' || attempt >= tries || isClosing) {
        report({
          _tag: 'alerts_undelivered',
          alerts: alerts.length,
          message: `webhook: ${verdict.message}`,
          attempts: attempt,
        });
        return;
      }
      const longestMs = Math.min(60 * retryMs, retryMs * 2 ** (attempt - 1));
      await delay(longestMs / 2 + (Math.random() * longestMs) / 2, undefined, { signal: closing.signal }).catch(
        () => undefined,
      );
    }
  };

  const drain = async (): Promise<void> => {
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, mostPerRequest);
      for (const { id } of batch) waiting.delete(id);
      await deliver(batch);
    }
    sending = null;
  };

  return {
    send: (changed) => {
      if (isClosing) return;
      for (const alert of changed) {
        waiting.delete(alert.id);
        waiting.set(alert.id, alert);
      }
      const surplus = waiting.size - mostWaiting;
      if (surplus > 0) {
        for (const id of [...waiting.keys()].slice(0, surplus)) waiting.delete(id);
        report({ _tag: 'alerts_undelivered', alerts: surplus, message: 'webhook: too many wait', attempts: 0 });
      }
      if (waiting.size > 0) sending ??= drain();
    },
    close: async () => {
      isClosing = true;
      closing.abort();
      await sending;
    },
  };
};

type Verdict = { readonly _tag: 'delivered' } | { readonly _tag: 'retry' | 'refused'; readonly message: string };

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};
