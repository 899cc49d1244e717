import { describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { plainWindow } from '../../streams/plain-rules.js';
import type { Rules } from '../../streams/rules/rules.js';
import { hopping } from '../../streams/windows/kinds/hopping.js';
import { spanOf } from '../../streams/windows/span.js';
import { alertOf, deviceView, fakeReader, settings, windowResult } from '../src/http/fakes.js';
import { pageTests, row } from './page-world.js';

/** Retried for five seconds: the page draws when it gets to it. */
const soon = <A>(read: () => A) => expect.poll(read, { timeout: 5000 });

/** Two rules for temperature, none for humidity. */
const withWindows: Rules = {
  ...settings.rules,
  windows: settings.rules.windows.flatMap((rule) => [
    { ...rule, id: 'hour', metrics: [0], span: spanOf(hopping, { size: 3_600_000, every: 600_000 }) },
    { ...rule, id: 'minute', metrics: [0] },
  ]),
};

/** The page on its own: everything behind the API is a stand-in, so that each test says what there is to see. */
describe('the page', () => {
  const { world, visit } = pageTests();

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

  test('says that no device matches a search', async () => {
    const here = await world();
    const { page, troubles } = await visit(here);
    const none = page.getByText('no device matches');
    expect(await none.isVisible()).toBe(false);
    here.push.devices([deviceView('d-1')]);
    await row(page, 'd-1').waitFor();
    await page.getByRole('searchbox').fill('zzzz');
    await none.waitFor();
    await page.getByRole('searchbox').fill('d-');
    await row(page, 'd-1').waitFor();
    expect(await none.isVisible()).toBe(false);
    expect(troubles).toEqual([]);
  });

  test('has the first readings in sight on a phone, and devices in sight however far one scrolls aside', async () => {
    const here = await world();
    here.held.devices = [deviceView('d-1')];
    const { page, troubles } = await visit(here);
    await page.setViewportSize({ width: 390, height: 844 });
    const box = page.locator('#fleet-table');
    const edges = async (locator: Locator) => {
      const { x, width } = (await locator.boundingBox()) ?? { x: Number.NaN, width: 0 };
      return { left: x, right: x + width };
    };
    const sides = () => page.locator('.edged', { has: box }).getAttribute('data-more');
    await soon(() => temperature(page, 'd-1').textContent()).toBe('21.5');
    await soon(sides).toBe('right');
    const { left, right } = await edges(box);
    expect((await edges(temperature(page, 'd-1'))).right).toBeLessThan(right);
    expect((await edges(page.locator('#readiness'))).right).toBeLessThan(390);
    expect(await page.locator('#totals .edged').getAttribute('data-more')).toBe('');

    await page.evaluate(`document.querySelector('#fleet-table').scrollLeft = 200`);
    await soon(sides).toBe('left right');
    expect((await edges(page.getByRole('link', { name: 'd-1' }))).left).toBeGreaterThan(left);
    expect(troubles).toEqual([]);
  });

  test('draws one device: closed and open windows, and readings as they come', async () => {
    const here = await world();
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    here.held.devices = [deviceView('d-1')];
    here.held.windows = [2, 1, 0].map((ago) => windowResult(minute - ago * 60_000, { rule: plainWindow, mean: 20 + ago, isClosed: ago > 0, revision: ago > 0 ? 1 : 0 })); // prettier-ignore
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

  test('shows windows of the shortest rule that gathers a metric, and of another one when asked', async () => {
    const here = await world({ told: { rules: withWindows } });
    here.held.devices = [deviceView('d-1')];
    const of = (rule: string, start: number, more = {}) => windowResult(start, { rule, ...more });
    here.held.windows = [of('minute', 60_000, { mean: 1 }), of('hour', 0, { mean: 2, more: { p95: 21.9, slope: null } })]; // prettier-ignore
    const { page, troubles } = await visit(here, '/#/devices/d-1');
    const rows = page.locator('#device .scroll tbody tr');
    const heads = page.locator('#device .scroll thead th');
    await soon(() => rows.first().locator('td').nth(2).textContent()).toBe('1');
    expect(await rows.count()).toBe(1);
    expect(await heads.count()).toBe(8);
    await page.locator('#device .rules select').selectOption({ label: 'hour: 1h every 10m' });
    await soon(() => rows.first().locator('td').nth(2).textContent()).toBe('2');
    expect((await heads.allTextContents()).slice(8)).toEqual(['p95', 'slope']);
    expect((await rows.first().locator('td').allTextContents()).slice(7)).toEqual(['21.9', '–']);
    await page.locator('#device .metrics button', { hasText: 'humidity' }).click();
    await soon(() => page.locator('#device caption').textContent()).toBe('Newest windows of humidity, %; no rule gathers any'); // prettier-ignore
    await page.locator('#device .rules select').waitFor({ state: 'hidden' });
    expect(troubles).toEqual([]);
  });

  test('says which checks a device breaks', async () => {
    const here = await world();
    here.held.devices = [deviceView('d-1', { flags: { temperature: ['steep', 'warm'], '*': ['whole'] } })];
    const { page, troubles } = await visit(here, '/#/devices/d-1');
    const flagged = page.locator('#device .metrics [data-flags]');
    await soon(() => flagged.count()).toBe(1);
    expect(await flagged.getAttribute('data-flags')).toBe('steep, warm');
    expect(await page.locator('#device .bar p').textContent()).toContain('breaks whole');
    here.push.devices([deviceView('d-1', reads(20))]);
    await soon(() => flagged.count()).toBe(0);
    expect(await page.locator('#device .bar p').textContent()).not.toContain('breaks');
    expect(troubles).toEqual([]);
  });

  test('says that the rules have changed', async () => {
    const told = { rules: settings.rules };
    const here = await world({ told });
    const { page, troubles } = await visit(here);
    expect(await page.locator('#rules-changed').isHidden()).toBe(true);
    told.rules = { ...settings.rules, version: 'another' };
    await page.locator('#rules-changed').waitFor();
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
    await world({ port, reading });
    await page.locator('#connection[data-state="live"]').waitFor();
    await page.locator('#readiness[data-state="ready"]').waitFor();
    // Version 3 is older than what was shown: after a reload the store is right, not memory.
    await soon(() => temperature(page, 'd-1').textContent()).toBe('5');
    await row(page, 'd-2').waitFor();
  });

  test('says that the pipeline is not ready, and why', async () => {
    const here = await world({ readiness: 'draining' });
    const { page, troubles } = await visit(here);
    expect(await page.locator('#readiness').textContent()).toBe('stopping');
    expect(await page.locator('.dependency').allTextContents()).toContain('Store ready answers in 1 ms');
    expect(await page.locator('#partitions tbody tr').allTextContents()).toEqual([expect.stringContaining('device-data-0reading20')]); // prettier-ignore
    expect(await page.locator('#totals tbody tr').allTextContents()).toEqual(['device-data1051121yes']);
    expect(troubles).toEqual([]);
  });
});
