import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { cells, node, string, type Tree, tree } from 'transplant/devicetree';
import { auditPage, pageToHtml } from 'transplant/report';
import { storyOf } from 'transplant/verdict';
import type { Suite } from './suite.ts';

const executablePath = '/usr/bin/chromium';
const NODES = 100_000;
const empty = fileURLToPath(new URL('../../dist/viewer/index.html', import.meta.url));

export const report: Suite = {
  about: `the report page in Chromium, with a tree of ${NODES} nodes before and after`,
  async *run() {
    yield { name: 'page without data', value: statSync(empty).size / 1000, unit: 'KB', atMost: 250 };
    const folder = mkdtempSync(join(tmpdir(), 'transplant-bench-'));
    const file = join(folder, 'large.html');
    let start = performance.now();
    const html = pageToHtml(largePage());
    yield { name: 'making the page', value: performance.now() - start, unit: 'ms' };
    yield { name: 'page with its data', value: html.length / 1e6, unit: 'MB' };
    if (!existsSync(executablePath)) {
      yield { name: 'opening it', missing: `no ${executablePath}` };
      return;
    }
    writeFileSync(file, html);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      start = performance.now();
      await page.goto(pathToFileURL(file).href);
      await page.locator('[role=treeitem]').first().waitFor();
      yield { name: 'opening it', value: performance.now() - start, unit: 'ms', atMost: 3000 };
      await page.evaluate(`
        window.long = [0];
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) window.long.push(duration);
        }).observe({ type: 'longtask' });
      `);
      for (let step = 0; step < 100; step++) {
        await page.evaluate("document.querySelector('.nodes').scrollTop += 900");
        await page.waitForTimeout(16);
      }
      yield { name: 'longest task while scrolling', value: await longest(page), unit: 'ms', atMost: 100 };
      await page.keyboard.press('/');
      await page.keyboard.type('slot@3');
      await page.locator('.found', { hasText: 'found' }).waitFor();
      yield { name: 'longest task while searching', value: await longest(page), unit: 'ms' };
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true });
    }
  },
};

/** Returns the longest task in milliseconds; the browser reports no tasks under 50 ms, so they count as 0. */
async function longest(page: Page): Promise<number> {
  return page.evaluate<number>('Math.max(...window.long.splice(1), 0)');
}

/** A machine with many nodes; one in a hundred changed. */
function largePage() {
  const observation = (changed: boolean) => ({
    platform: { kind: 'capture', release: '6.12', policy: 'ignore', description: 'benchmark' } as const,
    tree: largeTree(changed),
    unread: [],
    devices: [],
    log: [],
    warnings: [],
    drivers: [],
  });
  return auditPage({
    name: 'large',
    story: storyOf([]),
    observation: observation(true),
    before: observation(false),
    wanted: undefined,
    verdict: { outcome: 'safe', findings: [], allowed: [] },
  });
}

function largeTree(changed: boolean): Tree {
  const slots = (bus: number) =>
    Array.from({ length: 999 }, (_, slot) =>
      node(`slot@${slot.toString(16)}`, [
        string('device_type', 'slot'),
        cells('reg', bus, changed && slot % 100 === 0 ? 1 : 0),
      ]),
    );
  const buses = Array.from({ length: NODES / 1000 }, (_, bus) =>
    node(`bus@${bus.toString(16)}`, [string('device_type', 'bus')], slots(bus)),
  );
  return tree(node('', [], buses));
}
