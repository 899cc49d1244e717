import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openHttp, type HttpDoor } from '../../src/http/open-http.js';
import { socketIoPush, type SocketIoPush } from '../../src/sinks/socketio/socket-io-push.js';
import { settingsView } from '../../src/http/status.js';
import { alertOf, deviceView, fakeReader, noDesk, settings, statusParts, windowResult } from '../src/http/fakes.js';
import type { HealthReport } from '../../src/ops/health.js';
import { launchBrowser, type Watched, type WatchedBrowser } from './browser.js';

/** Retried for five seconds: the page draws when it gets to it. */
const soon = <A>(read: () => A) => expect.poll(read, { timeout: 5000 });

/** The page on its own: everything behind the API is a stand-in, so that each test says what there is to see. */
describe('the page', () => {
  let browser: WatchedBrowser;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  interface World extends ReturnType<typeof fakeReader> {
    readonly push: SocketIoPush;
    readonly door: HttpDoor;
    /** Both doors shut, as when the process ends. */
    readonly end: () => Promise<void>;
  }

  const world = async (
    port = 0,
    reading = fakeReader(),
    readiness: HealthReport['status'] = 'ready',
  ): Promise<World> => {
    const sent: { push: { readonly clients: number; readonly frames: number } } = { push: { clients: 0, frames: 0 } };
    const parts = statusParts();
    const health = { check: async () => ({ ...(await parts.health.check()), status: readiness }) };
    const report = (): void => undefined;
    const status = statusParts({ push: () => sent.push, health });
    const door = openHttp({ http: { host: '127.0.0.1', port }, reader: reading.reader, desk: noDesk, status, report });
    const push = socketIoPush({
      server: door.server,
      framesPerSecond: 4,
      version: '1.2.3',
      settings: () => settingsView(settings.rules, 4),
      report,
    });
    sent.push = push;
    await door.listen();
    const end = async (): Promise<void> => {
      await push.close();
      await door.close();
    };
    closing.push(end);
    return { ...reading, push, door, end };
  };

  const visit = async ({ door, push }: World, path = '/'): Promise<Watched> => {
    const seen = await browser.page();
    closing.push(() => seen.page.close());
    await seen.page.goto(`${door.url}${path}`);
    await seen.page.locator('#connection[data-state="live"]').waitFor();
    expect(push.clients).toBe(1);
    return seen;
  };

  const row = (page: Page, id: string) => page.locator('.fleet tbody tr', { has: page.getByRole('link', { name: id, exact: true }) }); // prettier-ignore
  const temperature = (page: Page, id: string) => row(page, id).locator('td.number').first();
  const reads = (value: number, version = 8) => ({
    readings: { temperature: { value, atMs: Date.now() } },
    eventTimeMs: Date.now(),
    versions: { 'device-data-0': version },
  });

  test('shows devices, and their readings as they change', async () => {
    const here = await world();
    here.held.devices = [deviceView('d-1'), deviceView('d-2')];
    const { page, troubles } = await visit(here);
    await soon(() => temperature(page, 'd-1').textContent()).toBe('21.5');
    here.push.devices([deviceView('d-1', reads(33.25)), deviceView('d-3', reads(1))]);
    await soon(() => temperature(page, 'd-1').textContent()).toBe('33.25');
    await soon(() => page.locator('#fleet-count').textContent()).toBe('3 devices');
    expect(await temperature(page, 'd-2').textContent()).toBe('21.5');

    here.push.devices([deviceView('d-1', reads(99, 7))]);
    here.push.devices([deviceView('d-2', reads(44, 9))]);
    await soon(() => temperature(page, 'd-2').textContent()).toBe('44');
    expect(await temperature(page, 'd-1').textContent()).toBe('33.25');
    expect(troubles).toEqual([]);
  });

  test('shows what devices say as text, whatever it says', async () => {
    const here = await world();
    const evil = '<img src=x onerror="window.pwned=1">';
    const location = { building: evil, floor: 1, room: null, zone: null, latitude: null, longitude: null };
    const profile = { type: evil, status: evil, location, info: null };
    here.held.devices = [deviceView(evil, { profile })];
    here.held.alerts = [alertOf(evil, { message: evil })];
    const { page, troubles } = await visit(here, `/#/devices/${encodeURIComponent(evil)}`);
    await row(page, evil).waitFor();
    expect(await page.locator('#device-title').textContent()).toBe(evil);
    expect(await page.locator('.alerts p').first().textContent()).toBe(evil);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.evaluate('window.pwned === undefined')).toBe(true);
    expect(troubles).toEqual([]);
  });

  test('shows an alert when it is raised and moves it when it clears', async () => {
    const here = await world();
    here.held.devices = [deviceView('d-1')];
    const { page, troubles } = await visit(here);
    await row(page, 'd-1').waitFor();
    here.push.alerts([alertOf('d-1', { severity: 'critical' })]);
    const active = page.locator('.alerts').first().locator('li');
    await expect
      .poll(() => active.allTextContents())
      .toEqual([expect.stringContaining('temperature 41 °C is above 40 °C')]);
    await soon(() => row(page, 'd-1').locator('td').first().textContent()).toBe('critical');
    expect(await page.locator('#alerts-count').textContent()).toBe('1 active');

    here.push.alerts([alertOf('d-1', { state: 'cleared', version: 2, clearedAtMs: Date.now(), clearedValue: 37 })]);
    await soon(() => page.locator('#alerts-count').textContent()).toBe('none active');
    expect(await page.locator('.alerts').last().locator('li').count()).toBe(1);
    await soon(() => row(page, 'd-1').locator('td').first().textContent()).toBe('');
    expect(troubles).toEqual([]);
  });

  test('keeps thousands of devices at hand, with the rows in sight only', async () => {
    const here = await world();
    here.held.devices = Array.from({ length: 3000 }, (_, i) => deviceView(`d-${String(i).padStart(4, '0')}`, { readings: { temperature: { value: (i * 7) % 3000, atMs: 1 } } })); // prettier-ignore
    const { page, troubles } = await visit(here);
    await soon(() => page.locator('#fleet-count').textContent()).toBe('3000 devices');
    expect(await page.locator('.fleet tbody tr').count()).toBeLessThan(60);

    await page.getByRole('link', { name: 'd-0000' }).focus();
    await page.keyboard.press('End');
    await soon(() => page.locator(':focus').textContent()).toBe('d-2999');
    await page.keyboard.press('ArrowUp');
    await soon(() => page.locator(':focus').textContent()).toBe('d-2998');

    await page.getByRole('searchbox').fill('D-10');
    await soon(() => page.locator('#fleet-count').textContent()).toBe('100 of 3000 devices');
    await page.getByRole('searchbox').fill('');
    const byTemperature = page.getByRole('button', { name: 'temperature °C' });
    await byTemperature.click();
    await byTemperature.click();
    await soon(() => page.locator('.fleet td.number').first().textContent()).toBe('2,999');
    expect(await page.locator('.fleet th[aria-sort="descending"]').textContent()).toBe('temperature °C');
    expect(troubles).toEqual([]);
  });

  test('draws one device: closed and open windows, and readings as they come', async () => {
    const here = await world();
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    here.held.devices = [deviceView('d-1')];
    here.held.windows = [2, 1, 0].map((ago) => windowResult(minute - ago * 60_000, { mean: 20 + ago, isClosed: ago > 0, revision: ago > 0 ? 1 : 0 })); // prettier-ignore
    const { page, troubles } = await visit(here);
    await page.getByRole('link', { name: 'd-1' }).focus();
    await page.keyboard.press('Enter');
    const rows = page.locator('#device .scroll tbody tr');
    await soon(() => rows.count()).toBe(3);
    expect(await rows.first().locator('td').allTextContents()).toEqual(['open', '3', '20', '20', '22', '22', '0']);
    expect(await page.locator('#device .metrics [aria-pressed="true"]').textContent()).toContain('temperature');
    const drawn = await page.locator('#device canvas').screenshot();
    const { readings, ...rest } = reads(30);
    here.push.devices([deviceView('d-1', { ...rest, readings: { ...deviceView('d-1').readings, ...readings } })]);
    await soon(() => page.locator('#device [aria-pressed="true"] .value').textContent()).toBe('30');
    await soon(async () => drawn.equals(await page.locator('#device canvas').screenshot())).toBe(false);
    await page.locator('#device .metrics button', { hasText: 'humidity' }).click();
    await soon(() => page.locator('#device caption').textContent()).toBe('Newest windows of humidity, %');
    await page.keyboard.press('Escape');
    await page.locator('#device').waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.id')).toBe('fleet');
    expect(troubles).toEqual([]);
  });

  test('breaks the chart where windows are missing, and joins the open ones to the closed', async () => {
    const here = await world();
    const { page } = await visit(here);
    const window = (start: number, mean: number, isClosed: boolean) => ({ start, end: start + 2000, min: mean - 1, max: mean + 1, mean, isClosed }); // prettier-ignore
    const windows = [window(0, 1, true), window(2000, 2, true), window(6000, 3, true), window(8000, 4, false)];
    const data = await page.evaluate(
      `import('/chart-data.js').then(({ chartData }) => JSON.stringify(chartData(${JSON.stringify(windows)}, [{ atMs: 9500, value: 7 }]), (_, v) => v === undefined ? '-' : v))`,
    );
    expect(JSON.parse(String(data))).toEqual([
      [1, 3, 4.001, 7, 9, 9.5],
      [1, 2, null, 3, '-', '-'],
      ['-', '-', null, 3, 4, '-'],
      [0, 1, null, 2, 3, '-'],
      [2, 3, null, 4, 5, '-'],
      ['-', '-', '-', '-', '-', 7],
    ]);
  });

  test('says when the connection is lost, comes back by itself and shows what changed meanwhile', async () => {
    const here = await world();
    here.held.devices = [deviceView('d-1')];
    const { page } = await visit(here);
    await row(page, 'd-1').waitFor();
    const port = Number(new URL(here.door.url).port);
    await here.end();
    await page.locator('#connection[data-state="reconnecting"]').waitFor();
    await page.locator('#readiness[data-state="not_ready"]').waitFor();

    const reading = fakeReader();
    reading.held.devices = [deviceView('d-1', reads(5, 3)), deviceView('d-2')];
    await world(port, reading);
    await page.locator('#connection[data-state="live"]').waitFor();
    await page.locator('#readiness[data-state="ready"]').waitFor();
    // Version 3 is older than what was shown: after a reload the store is right, not memory.
    await soon(() => temperature(page, 'd-1').textContent()).toBe('5');
    await row(page, 'd-2').waitFor();
  });

  test('says that the pipeline is not ready, and why', async () => {
    const here = await world(0, fakeReader(), 'draining');
    const { page, troubles } = await visit(here);
    expect(await page.locator('#readiness').textContent()).toBe('stopping');
    expect(await page.locator('.dependency').allTextContents()).toContain('Store ready answers in 1 ms');
    expect(await page.locator('#partitions tbody tr').allTextContents()).toEqual([expect.stringContaining('device-data-0reading20')]); // prettier-ignore
    expect(await page.locator('#totals tbody tr').allTextContents()).toEqual(['device-data1051121yes']);
    expect(troubles).toEqual([]);
  });
});
