import { chromium, type Browser, type Page } from 'playwright-core';

/** A browser whose pages keep account of everything that goes wrong in them. */
export interface WatchedBrowser {
  readonly page: (options?: { readonly colorScheme?: 'light' | 'dark' }) => Promise<Watched>;
  readonly close: () => Promise<void>;
}

export interface Watched {
  readonly page: Page;
  /** Console errors and warnings, uncaught errors, failed requests, answers of 400 and more. */
  readonly troubles: readonly string[];
}

/** Errors: rejects when `CHROMIUM`, the path of the browser, is not set; the test servers set it. */
export const launchBrowser = async (): Promise<WatchedBrowser> => {
  const executablePath = process.env['CHROMIUM'];
  if (executablePath === undefined) throw new Error('CHROMIUM must name the browser to test with');
  const browser: Browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return {
    page: async (options = {}) => {
      const page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, ...options });
      return { page, troubles: watched(page) };
    },
    close: () => browser.close(),
  };
};

const watched = (page: Page): readonly string[] => {
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) =>
    troubles.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`),
  );
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  return troubles;
};
