// npm run screenshots: takes the screenshots of README and docs from the built package, in Debian's Chromium.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const here = fileURLToPath(new URL('.', import.meta.url));
const cli = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url));
const nodes = '/ibm,platform-facilities';

/** For each screenshot the command that makes its page, the address in the page, and the event to select. */
const screenshots = {
  detach: {
    args: ['migrate', '--policy', 'detach', '--release', '5.10'],
    link: `node=${nodes}/ibm,random-v1`,
  },
  reconcile: {
    args: ['migrate', '--policy', 'reconcile', '--release', '5.10'],
    link: `node=${nodes}/ibm,compression-v1`,
  },
  compare: { args: ['compare', '--release', '5.10'], link: 'view=compare&run=0&with=6' },
  bytes: {
    args: ['migrate', '--policy', 'detach', '--release', '5.10'],
    link: 'view=bytes',
    event: 'ibm,update-nodes',
  },
};

const folder = mkdtempSync(join(tmpdir(), 'transplant-screenshots-'));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const [name, { args, link, event }] of Object.entries(screenshots)) {
    const file = join(folder, `${name}.html`);
    // Status 1 means that the run has findings; 2 and 3 are errors.
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args, '--report', file], {
      encoding: 'utf8',
    });
    if (status === null || status > 1) throw new Error(`transplant ${args.join(' ')}: ${stderr}`);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    await page.goto(`${pathToFileURL(file).href}#${link}`);
    if (event) {
      await page.keyboard.press('Home'); // only visible rows are rendered
      await page.locator('.events .row', { hasText: event }).first().click();
      await page.locator('.area').nth(2).locator('.piece').nth(3).hover();
    }
    await page.screenshot({ path: join(here, `${name}.png`) });
    await page.close();
    console.log(`docs/screenshots/${name}.png`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
