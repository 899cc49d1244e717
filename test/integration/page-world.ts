import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { cared } from '../../src/care/care.js';
import type { AlertDesk } from '../../src/care/desk.js';
import { toldDesk } from '../../src/care/told-desk.js';
import { openHttp, type HttpDoor } from '../../src/http/open-http.js';
import { settingsView } from '../../src/http/status.js';
import type { HealthReport } from '../../src/ops/health.js';
import { socketIoPush, type SocketIoPush } from '../../src/sinks/socketio/socket-io-push.js';
import type { Rules } from '../../streams/rules/rules.js';
import { fakeReader, settings, statusParts } from '../src/http/fakes.js';
import { launchBrowser, type Watched, type WatchedBrowser } from './browser.js';

type Reading = ReturnType<typeof fakeReader>;

/** The doors that the page talks to. Everything behind them is a stand-in, so that each test says what there is to see. */
export interface World extends Reading {
  readonly push: SocketIoPush;
  readonly door: HttpDoor;
  /** Both doors shut, as when the process ends. */
  readonly end: () => Promise<void>;
}

export interface WorldOptions {
  /** Any that is free unless told. */
  readonly port?: number;
  readonly reading?: Reading;
  readonly readiness?: HealthReport['status'];
  /** Looked at anew with each question. */
  readonly told?: { readonly rules: Rules };
}

/** A browser for the tests of a file, and worlds for each of them, all of which end by themselves. */
export const pageTests = () => {
  let browser: WatchedBrowser;
  const closing: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const world = async (options: WorldOptions = {}): Promise<World> => {
    const opened = await openWorld(options);
    closing.push(opened.end);
    return opened;
  };

  const visit = async ({ door, push }: World, path = '/'): Promise<Watched> => {
    const before = push.clients;
    const seen = await browser.page();
    closing.push(() => seen.page.close());
    await seen.page.goto(`${door.url}${path}`);
    await seen.page.locator('#connection[data-state="live"]').waitFor();
    expect(push.clients).toBe(before + 1);
    return seen;
  };
  return { world, visit };
};

const openWorld = async ({
  port = 0,
  reading = fakeReader(),
  readiness = 'ready',
  told = { rules: settings.rules },
}: WorldOptions): Promise<World> => {
  const sent: { push: { readonly clients: number; readonly frames: number } } = { push: { clients: 0, frames: 0 } };
  const parts = statusParts();
  const health = { check: async () => ({ ...(await parts.health.check()), status: readiness }) };
  const report = (): void => undefined;
  const shown = () => settingsView(told.rules, 4);
  const status = statusParts({ push: () => sent.push, health, settings: shown });
  const desk = toldDesk(deskOver(reading.held), (alert) => push.alerts([alert]));
  const door = openHttp({ http: { host: '127.0.0.1', port }, reader: reading.reader, desk, status, report });
  const push = socketIoPush({ server: door.server, framesPerSecond: 4, version: '1.2.3', settings: shown, report });
  sent.push = push;
  await door.listen();
  const end = async (): Promise<void> => {
    await push.close();
    await door.close();
  };
  return { ...reading, push, door, end };
};

/** Does to the alerts that are held what it is asked, by the clock of this process. */
const deskOver = (held: Reading['held']): AlertDesk => ({
  act: (id, deed) => {
    const alert = held.alerts.find((each) => each.id === id);
    if (alert === undefined) return Promise.resolve({ _tag: 'unknown' });
    const { care: before, ...rest } = alert;
    const care = cared(before, { ...deed, atMs: Date.now() });
    held.alerts = held.alerts.map((each) => (each.id === id ? { ...alert, care } : each));
    return Promise.resolve({ _tag: 'done', alert: rest, care });
  },
});

/** The row of a device in the fleet. */
export const row = (page: Page, id: string): Locator =>
  page.locator('.fleet tbody tr', { has: page.getByRole('link', { name: id, exact: true }) });
