import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { given } from '../e2e/chaos/given.js';
import { Stage } from '../e2e/chaos/stage.js';
import { WeirProcess } from '../e2e/chaos/weir-process.js';
import { temporaryFolder } from '../servers/keeping.js';
import { freePorts } from '../servers/ports.js';
import { launchBrowser, type Watched, type WatchedBrowser } from './browser.js';

const soon = <A>(read: () => A, timeout = 15_000) => expect.poll(read, { timeout });

/** Where pictures of the page go, for people to look at; nowhere unless it is said. */
const pictures = process.env['WEIR_E2E_PICTURES'];

describe('the page on a whole service', () => {
  let browser: WatchedBrowser;
  const closing: (() => Promise<unknown>)[] = [];
  const folder = temporaryFolder('weir-page');
  const demo = (httpPort: number): WeirProcess => {
    const args = ['demo', '--http-port', String(httpPort), '--ops-port', '0'];
    const begun = new WeirProcess({ name: 'demo', args, env: {}, folder: folder.path });
    closing.push(() => begun.stop());
    return begun;
  };

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    folder.remove();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const visit = async (service: WeirProcess, colorScheme: 'light' | 'dark' = 'light'): Promise<Watched> => {
    await service.says('started');
    const seen = await browser.page({ colorScheme });
    closing.push(() => seen.page.close());
    await seen.page.goto(service.url);
    await seen.page.locator('#connection[data-state="live"]').waitFor();
    return seen;
  };
  const picture = async (page: Page, name: string): Promise<void> => {
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };

  const readings = (page: Page): Promise<readonly string[]> => page.locator('.fleet td.number').allTextContents();
  const seesDevicesMove = async (page: Page): Promise<void> => {
    await soon(async () => (await page.locator('.fleet tbody tr').count()) > 10).toBe(true);
    const before = await readings(page);
    await soon(async () => (await readings(page)).filter((text, i) => text !== before[i]).length).toBeGreaterThan(5);
  };
  const seesRates = async (page: Page): Promise<void> => {
    await soon(async () => Number(await page.locator('.tile .value').first().textContent())).toBeGreaterThan(0);
    await soon(() => page.locator('#partitions tbody tr').count()).toBe(4);
    await soon(() => page.locator('#totals tbody td').last().textContent()).toBe('yes');
    expect(await page.locator('.dependency[data-state="ready"]').count()).toBe(3);
    await soon(() => page.locator('#readiness').textContent()).toBe('ready');
  };
  const seesAnAlert = async (page: Page): Promise<void> => {
    await page.locator('.alerts li[data-state="active"]').first().waitFor({ timeout: 20_000 });
    expect(await page.locator('.alerts li p').first().textContent()).toMatch(/ is (above|below) /);
  };
  /** Of the one at the top; another may be there by the time it is looked at. */
  const acknowledgesAnAlert = async (page: Page): Promise<void> => {
    await page.getByLabel('Your name').fill('ada');
    await page.getByRole('button', { name: 'Acknowledge' }).first().click();
    await page.getByText('acknowledged by ada').first().waitFor();
    expect(await page.locator('#alerts-said').isHidden()).toBe(true);
  };
  /** How many dots of the chart are painted, and where: a number that changes with the drawing. */
  const painted = (page: Page): Promise<number> =>
    page.evaluate(`(() => {
      const canvas = document.querySelector('#device canvas');
      if (canvas === null || canvas.width === 0) return 0;
      const copy = document.createElement('canvas');
      [copy.width, copy.height] = [canvas.width, canvas.height];
      const context = copy.getContext('2d', { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      let sum = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) sum += 1 + (i % 1000) / 1e6;
      return sum;
    })()`);
  const seesOneDevice = async (page: Page): Promise<void> => {
    await page.locator('.fleet tbody a').first().click();
    await page.locator('#device canvas').waitFor();
    await soon(() => painted(page)).toBeGreaterThan(1_000);
    await soon(() => page.locator('#device .scroll tbody tr').count()).toBeGreaterThan(0);
    const before = await painted(page);
    await soon(() => painted(page)).not.toBe(before);
  };

  test('embedded: devices move, an alert appears, a device is drawn, and nothing goes wrong', async () => {
    const [port = 0] = await freePorts(1);
    const { page, troubles } = await visit(demo(port));
    await seesDevicesMove(page);
    await seesAnAlert(page);
    await acknowledgesAnAlert(page);
    await seesRates(page);
    await picture(page, 'embedded-fleet');
    await seesOneDevice(page);
    await picture(page, 'embedded-device');
    expect(troubles).toEqual([]);
  });

  test('embedded: it comes back by itself when the service does', async () => {
    const [port = 0] = await freePorts(1);
    const first = demo(port);
    const { page, troubles } = await visit(first, 'dark');
    await seesDevicesMove(page);
    await picture(page, 'embedded-dark');
    expect(troubles).toEqual([]);
    await first.stop();
    await page.locator('#connection[data-state="reconnecting"]').waitFor();
    await page.locator('#pipeline.stale').waitFor();
    await picture(page, 'embedded-gone');
    await demo(port).says('started');
    await page.locator('#connection[data-state="live"]').waitFor();
    await page.locator('#pipeline:not(.stale)').waitFor();
    await seesDevicesMove(page);
    await seesAnAlert(page);
    // While nobody listened the browser said so; nothing else may have gone wrong.
    expect(
      troubles.filter(
        (trouble) => !/ERR_CONNECTION_REFUSED|ERR_ABORTED|ERR_EMPTY|ERR_CONNECTION_RESET|Failed to load/.test(trouble),
      ),
    ).toEqual([]);
  });

  test('Kafka and Redis: the same, fed by `weir produce`, with a service killed and started again', async () => {
    const stage = await Stage.set({ ...given(), partitions: 4, sessionTimeoutMs: 6_000 });
    closing.push(() => stage.strike());
    const [port = 0] = await freePorts(1);
    const first = stage.service('service-1', { httpPort: port });
    stage.producer(['--devices', '60', '--rate', '400', '--duration', '3m', '--bad', '0.02', '--late', '0.02']);
    const { page, troubles } = await visit(first);
    await seesDevicesMove(page);
    await seesAnAlert(page);
    await acknowledgesAnAlert(page);
    await seesRates(page);
    await picture(page, 'real-fleet');
    await seesOneDevice(page);
    await picture(page, 'real-device');
    expect(troubles).toEqual([]);

    first.signal('SIGKILL');
    await page.locator('#connection[data-state="reconnecting"]').waitFor();
    await first.ended;
    const second = stage.service('service-2', { httpPort: port });
    await second.says('acquired');
    await page.locator('#connection[data-state="live"]').waitFor();
    await seesDevicesMove(page);
    await seesRates(page);
  });
});
