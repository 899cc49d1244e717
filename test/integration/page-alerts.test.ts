import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { noCare } from '../../src/care/care.js';
import type { AlertView } from '../../src/ports.js';
import type { Alert, AlertTransition } from '../../streams/model/alert.js';
import { alertOf, deviceView, fakeReader } from '../src/http/fakes.js';
import { pageTests, row } from './page-world.js';

/** Retried for five seconds: the page draws when it gets to it. */
const soon = <A>(read: () => A) => expect.poll(read, { timeout: 5000 });

/** As the stream tells it. */
const bare = ({ care: _care, ...alert }: AlertView): Alert => alert;

const step = (version: number, more: Partial<AlertTransition> = {}): AlertTransition => ({
  ...{ version, state: 'active', severity: 'warning', reason: 'raised', atMs: Date.now(), offset: 7, value: 41 },
  ...more,
});
const names = (page: Page, list: string) => page.locator(`${list} > .alerts > li > a`).allTextContents();
const button = (page: Page, name: string) => page.locator('.alerts').first().getByRole('button', { name, exact: true }); // prettier-ignore

/** As `page-parts.test.ts`: what there is to see and to do in the list of alerts. */
describe('alerts on the page', () => {
  const { world, visit } = pageTests();

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
    expect(await page.locator('#alerts-count').textContent()).toBe('1 open');

    here.push.alerts([alertOf('d-1', { state: 'cleared', version: 2, clearedAtMs: Date.now(), clearedValue: 37 })]);
    await soon(() => page.locator('#alerts-count').textContent()).toBe('none open');
    expect(await page.locator('.alerts').last().locator('li').count()).toBe(1);
    await soon(() => row(page, 'd-1').locator('td').first().textContent()).toBe('');
    expect(troubles).toEqual([]);
  });

  test('keeps an alert that is raised while what there is is read', async () => {
    const here = await world();
    here.held.devices = [deviceView('d-1')];
    const read = here.reader.alerts.bind(here.reader);
    let answer = (): void => undefined;
    const gate = new Promise<void>((resolve) => (answer = resolve));
    here.reader.alerts = async (...asked) => {
      const found = await read(...asked);
      await gate;
      return found;
    };
    const { page } = await visit(here);
    here.push.alerts([alertOf('d-1')]);
    const count = page.locator('#alerts-count');
    await soon(() => count.textContent()).toBe('1 open');
    answer();
    await row(page, 'd-1').waitFor();
    expect(await count.textContent()).toBe('1 open');
  });

  test('shows how an alert rises and falls, and its history on a click', async () => {
    const here = await world();
    const { page, troubles } = await visit(here);
    const history = [
      step(1),
      step(2, { severity: 'critical', reason: 'severity_raised', value: 46 }),
      step(3, { severity: 'warning', reason: 'severity_lowered', value: 42 }),
    ];
    here.push.alerts([alertOf('d-1', { severity: 'critical', version: 2, history: history.slice(0, 2) })]);
    const item = page.locator('.alerts > li').first();
    await soon(() => item.locator('.severity').textContent()).toBe('critical');
    await item.getByText('History').click();
    const lines = async (): Promise<readonly string[]> =>
      (await item.locator('.history li').allTextContents()).map((text) => text.replace(/^[\d:]+ /, ''));
    await soon(lines).toEqual(['raised: warning, at 41', 'worse: critical, at 46']);

    here.push.alerts([alertOf('d-1', { version: 3, state: 'recovering', peakValue: 46, history })]);
    await soon(() => item.locator('.severity').textContent()).toBe('warning');
    await soon(lines).toEqual(['raised: warning, at 41', 'worse: critical, at 46', 'better: warning, at 42']);
    expect(await item.locator('p').nth(1).textContent()).toMatch(/^raised .* at 41, peak 46, recovering$/);
    // An older version that comes late changes nothing.
    here.push.alerts([alertOf('d-1', { severity: 'error', version: 2 }), alertOf('d-2')]);
    await soon(() => page.locator('#alerts-count').textContent()).toBe('2 open');
    expect(await page.locator('.alerts > li', { hasText: 'd-1' }).locator('.severity').textContent()).toBe('warning');
    expect(troubles).toEqual([]);
  });

  test('lets people acknowledge, comment and shelve, and shows it to everybody who looks on', async () => {
    const here = await world();
    here.held.devices = [deviceView('d-1')];
    here.held.alerts = [alertOf('d-1')];
    const { page, troubles } = await visit(here);
    await button(page, 'Acknowledge').click();
    await soon(() => page.locator('#alerts-said').textContent()).toBe('Say who you are first.');
    expect(here.held.alerts[0]?.care).toEqual(noCare);
    await page.keyboard.type('ada');
    await button(page, 'Acknowledge').click();
    const other = await visit(here);
    for (const each of [page, other.page])
      await soon(() => each.locator('.alerts .care').first().textContent()).toBe('acknowledged by ada');
    await soon(() => button(page, 'Acknowledge').count()).toBe(0);
    expect(here.held.alerts[0]?.care.acknowledged?.by).toBe('ada');

    await button(page, 'Comment').click();
    await page.getByLabel('Comment').fill('valve sticks');
    await page.keyboard.press('Enter');
    await soon(() => here.held.alerts[0]?.care.events.map(({ comment }) => comment)).toEqual([null, 'valve sticks']);
    await other.page.getByText('History').click();
    await soon(() => other.page.locator('.history li').last().textContent()).toContain(
      'commented by ada: valve sticks',
    );

    await button(page, 'Shelve 1 h').click();
    for (const each of [page, other.page]) {
      await soon(() => each.locator('#alerts-count').textContent()).toBe('none open');
      await soon(() => each.locator('.folded summary').first().textContent()).toBe('1 kept from view: 1 shelved');
      await soon(() => row(each, 'd-1').locator('td').first().textContent()).toBe('');
    }
    await page.locator('.folded > summary').click();
    await page.getByRole('button', { name: 'Unshelve' }).click();
    for (const each of [page, other.page]) await soon(() => each.locator('#alerts-count').textContent()).toBe('1 open');
    // The stream tells the next step without care; what people did stays.
    here.push.alerts([bare(alertOf('d-1', { version: 2, severity: 'critical' }))]);
    await soon(() => row(page, 'd-1').locator('td').first().textContent()).toBe('critical');
    expect(await page.locator('.alerts .care').first().textContent()).toBe('acknowledged by ada');
    await page.reload();
    await soon(() => page.locator('#alerts-by').inputValue()).toBe('ada');
    expect([...troubles, ...other.troubles]).toEqual([]);
  });

  test('folds away what is muted, flooded or shelved under a line that says how much', async () => {
    const here = await world();
    const now = Date.now();
    const shelved = (untilMs: number) => ({ ...noCare, version: 1, shelved: { by: 'ada', atMs: now, untilMs } });
    here.held.alerts = [
      alertOf('d-1'),
      alertOf('d-2', { isMuted: true }),
      alertOf('d-3', { flood: 'flood@B1@device-data-0-9' }),
      alertOf('d-4', { flood: 'flood@B1@device-data-0-9' }),
      alertOf('d-5', { care: shelved(now + 3_600_000) }),
      alertOf('d-6', { care: shelved(now + 3_000) }),
      alertOf('', { id: 'flood@B1@device-data-0-9', rule: 'flood', metric: '', labels: { group: 'B1' }, message: '22 alerts of B1' }), // prettier-ignore
    ];
    const { page, troubles } = await visit(here);
    await soon(() => page.locator('.folded > summary').textContent()).toBe('5 kept from view: 2 shelved, 1 muted, 2 in floods'); // prettier-ignore
    expect((await names(page, '#alerts-list')).toSorted()).toEqual(['B1', 'd-1']);
    // Shelving ends by itself.
    await soon(() => page.locator('.folded > summary').textContent()).toBe('4 kept from view: 1 shelved, 1 muted, 2 in floods'); // prettier-ignore
    expect((await names(page, '#alerts-list')).toSorted()).toEqual(['B1', 'd-1', 'd-6']);
    expect((await names(page, '.folded')).toSorted()).toEqual(['d-2', 'd-3', 'd-4', 'd-5']);
    expect(troubles).toEqual([]);
  });

  test('moves nothing under the pointer of somebody, and says how many new ones wait', async () => {
    const here = await world();
    const raised = (device: string, agoMs: number, more: Partial<AlertView> = {}) =>
      alertOf(device, { raisedAtMs: Date.now() - agoMs, ...more });
    here.held.alerts = [raised('d-1', 60_000), raised('d-2', 50_000)];
    const { page, troubles } = await visit(here);
    const shown = () => names(page, '#alerts-list');
    const waits = page.getByRole('button', { name: 'show' });
    await soon(shown).toEqual(['d-2', 'd-1']);
    await button(page, 'Acknowledge').last().hover();
    here.push.alerts([raised('d-3', 40_000)]);
    await soon(() => waits.textContent()).toBe('1 new one waits: show');
    here.push.alerts([raised('d-4', 30_000), raised('d-2', 50_000, { version: 2, state: 'cleared', clearedAtMs: Date.now() })]); // prettier-ignore
    await soon(() => waits.textContent()).toBe('2 new ones wait: show');
    expect(await shown()).toEqual(['d-2', 'd-1']);
    await soon(() => page.locator('.alerts > li').first().getAttribute('data-state')).toBe('cleared');
    expect(await page.locator('#alerts-count').textContent()).toBe('3 open');

    await waits.click();
    await soon(shown).toEqual(['d-4', 'd-3', 'd-1', 'd-2']);
    expect(await waits.isVisible()).toBe(false);
    here.push.alerts([raised('d-5', 20_000)]);
    await waits.waitFor();
    await page.mouse.move(0, 0);
    await soon(shown).toEqual(['d-5', 'd-4', 'd-3', 'd-1', 'd-2']);
    expect(troubles).toEqual([]);
  });

  test('moves nothing while a control among the alerts is focused, but what is shelved', async () => {
    const here = await world();
    here.held.alerts = [alertOf('d-1', { raisedAtMs: 2 }), alertOf('d-2', { raisedAtMs: 1 })];
    const { page, troubles } = await visit(here);
    await page.getByLabel('Your name').fill('ada');
    await soon(() => names(page, '#alerts-list')).toEqual(['d-1', 'd-2']);
    await button(page, 'Shelve 1 h').last().focus();
    here.push.alerts([alertOf('d-3')]);
    await page.getByText('1 new one waits').waitFor();
    await page.keyboard.press('Enter');
    await soon(() => names(page, '.folded')).toEqual(['d-2']);
    await page.getByLabel('Your name').focus();
    await soon(() => names(page, '#alerts-list')).toEqual(['d-3', 'd-1']);
    expect(troubles).toEqual([]);
  });

  test('shows that alerts and fleet are of the past when the connection is lost, and lets nobody act on them', async () => {
    const here = await world();
    here.held.alerts = [alertOf('d-1')];
    const { page } = await visit(here);
    const isStale = () => page.locator('#fleet.stale, #alerts.stale').count();
    const enabled = () => page.locator('.alerts button:enabled').count();
    await soon(enabled).toBe(5);
    expect(await isStale()).toBe(0);
    const port = Number(new URL(here.door.url).port);
    await here.end();
    await soon(isStale).toBe(2);
    await soon(enabled).toBe(0);
    expect(await page.locator('.alerts button').count()).toBe(5);

    const reading = fakeReader();
    reading.held.alerts = here.held.alerts;
    await world({ port, reading });
    await soon(isStale).toBe(0);
    await soon(enabled).toBe(5);
  });

  test('keeps what somebody writes, and says why something was not done', async () => {
    const here = await world();
    here.held.alerts = [alertOf('d-1')];
    const { page } = await visit(here);
    const written = page.locator('.comment input:visible');
    await page.getByLabel('Your name').fill('bo');
    await button(page, 'Comment').click();
    await written.fill('half a sen');
    here.push.alerts([alertOf('d-1', { version: 2, severity: 'critical' }), alertOf('d-2')]);
    await soon(() => page.locator('#alerts-count').textContent()).toBe('2 open');
    expect(await written.inputValue()).toBe('half a sen');
    here.held.alerts = [];
    await page.keyboard.press('Enter');
    await soon(() => page.locator('#alerts-said').textContent()).toContain('is kept');
    expect(await written.inputValue()).toBe('half a sen');
  });
});
