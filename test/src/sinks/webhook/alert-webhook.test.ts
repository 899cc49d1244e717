import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { ServiceEvent } from '../../../../src/events.js';
import type { WebhookBody } from '../../../../src/sinks/webhook/payload.js';
import { alertWebhook } from '../../../../src/sinks/webhook/alert-webhook.js';
import { alertAt, clearedAt } from '../../../conformance/store-fixtures.js';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close().closeAllConnections();
});

/** A receiver that answers with these codes, one after the other, and with 200 after the last. */
const receiving = async (...codes: readonly number[]) => {
  const bodies: WebhookBody[] = [];
  const headers: (string | undefined)[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const code = codes[asked++] ?? 200;
      headers.push(request.headers.authorization);
      if (code === 200) bodies.push(JSON.parse(Buffer.concat(parts).toString()) as WebhookBody);
      response.writeHead(code).end();
    });
  }).listen(0, '127.0.0.1');
  open.push(server);
  await new Promise((ready) => server.once('listening', ready));
  const events: ServiceEvent[] = [];
  const webhook = alertWebhook({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    headers: { authorization: 'Bearer x' },
    pageUrl: () => 'http://page',
    report: (event) => void events.push(event),
    retryMs: 5,
    tries: 3,
  });
  const until = async (isTrue: () => boolean): Promise<void> => {
    for (let i = 0; i < 500 && !isTrue(); i += 1) await delay(10);
    expect(isTrue()).toBe(true);
  };
  return { webhook, bodies, headers, events, until, asked: () => asked };
};

describe('the webhook', () => {
  test("speaks as Alertmanager's", async () => {
    const { webhook, bodies, headers, until } = await receiving();
    webhook.send([alertAt(1, { labels: { team: 'hvac' } }), clearedAt(2, 9)]);
    await until(() => bodies.length === 1);
    expect(headers).toEqual(['Bearer x']);
    expect(bodies[0]).toMatchObject({
      version: '4',
      status: 'firing',
      externalURL: 'http://page',
      commonLabels: { alertname: 'temperature-high', device: 'd1', severity: 'warning' },
      alerts: [
        { status: 'firing', labels: { team: 'hvac' }, endsAt: '0001-01-01T00:00:00Z', fingerprint: alertAt(1).id },
        { status: 'resolved', fingerprint: alertAt(2).id, generatorURL: 'http://page/#/devices/d1' },
      ],
    });
    expect(Date.parse(bodies[0]?.alerts[0]?.startsAt ?? '')).toBe(alertAt(1).raisedAtMs);
  });

  test('tries again what may work later, in the newest version', async () => {
    const { webhook, bodies, until } = await receiving(500, 429);
    webhook.send([alertAt(1)]);
    webhook.send([alertAt(3)]);
    webhook.send([clearedAt(3, 9)]);
    await until(() => bodies.length === 2);
    expect(bodies.map(({ alerts }) => alerts.map(({ status }) => status))).toEqual([['firing'], ['resolved']]);
    await webhook.close();
  });

  test('gives up in the end, says how much, and goes on with the next', async () => {
    const { webhook, bodies, events, until } = await receiving(500, 500, 500);
    webhook.send([alertAt(1)]);
    await until(() => events.length === 1);
    expect(events).toMatchObject([{ _tag: 'alerts_undelivered', alerts: 1, attempts: 3 }]);
    webhook.send([alertAt(2)]);
    await until(() => bodies.length === 1);
  });

  test('does not try again what is refused', async () => {
    const { webhook, events, until, asked } = await receiving(400);
    webhook.send([alertAt(1)]);
    await until(() => events.length === 1);
    expect(asked()).toBe(1);
    await webhook.close();
  });

  test('keeps nobody waiting, and lets the oldest go beyond its bound', async () => {
    const { webhook, events } = await receiving(...Array.from({ length: 1_000 }, () => 500));
    for (let i = 0; i < 10_200; i += 100) webhook.send(Array.from({ length: 100 }, (_, at) => alertAt(i + at)));
    expect(events.some((event) => event._tag === 'alerts_undelivered' && event.attempts === 0)).toBe(true);
    await webhook.close();
  });
});
