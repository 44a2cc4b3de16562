import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { type PageDocument, pageToHtml } from '../../src/report/index.ts';

const executablePath = '/usr/bin/chromium';

/** Why the tests in a browser are skipped; undefined where they run. In CI they always run. */
export const noBrowser = existsSync(executablePath) || process.env['CI'] ? undefined : `no ${executablePath}`;

/** A browser that opens pages from files; `close` ends it and removes the files. */
export interface Viewer {
  /** Opens a document at an address such as `#event=1`. */
  open(document: PageDocument, link?: string): Promise<Opened>;
  close(): Promise<void>;
}

export interface Opened {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, and requests for anything but the page itself. */
  readonly complaints: string[];
}

export async function startViewer(): Promise<Viewer> {
  await build({ configFile: join(import.meta.dirname, '../../viewer/vite.config.ts'), logLevel: 'error' });
  const folder = await mkdtemp(join(tmpdir(), 'transplant-page-'));
  const browser: Browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  let count = 0;
  return {
    async open(document, link = '') {
      const file = join(folder, `${count++}.html`);
      await writeFile(file, pageToHtml(document));
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      const own = pathToFileURL(file).href;
      page.on('request', (request) => {
        if (request.url().split('#')[0] !== own) complaints.push(`request ${request.url()}`);
      });
      await page.goto(own + link);
      return { page, complaints };
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
