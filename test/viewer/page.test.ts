import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cells, diffTrees, node, tree } from '../../src/devicetree/index.ts';
import { diffPage, type PageDocument, runsPage } from '../../src/report/index.ts';
import type { Run } from '../../src/verdict/index.ts';
import { noBrowser, startViewer, type Viewer } from './browser.ts';
import { comparedStory, storyUnder } from './runs.ts';

const name = noBrowser ? `report page (skipped: ${noBrowser})` : 'report page';

describe.skipIf(noBrowser)(name, () => {
  let viewer: Viewer;
  let run: Run;
  let detach: PageDocument;
  let compared: PageDocument;

  beforeAll(async () => {
    viewer = await startViewer();
    run = await storyUnder('detach');
    detach = runsPage([run]);
    compared = runsPage(await comparedStory());
  }, 120_000);
  afterAll(() => viewer?.close());

  const eventOf = (pattern: RegExp) =>
    detach.runs[0]?.events.find((event) => pattern.test(event.text))?.id ?? -1;
  // biome-ignore lint/performance/useDomNodeTextContent: the test is about visible text
  const text = (one: Locator) => one.innerText();
  const rows = (page: Page) => page.locator('[role=treeitem]').allInnerTexts();

  test('opens at the last event: verdict, tree and dangling links, without errors', async () => {
    const { page, complaints } = await viewer.open(detach);
    expect(await text(page.locator('header .outcome'))).toContain('3 dangling links');
    expect(await page.locator('.of-node.dangling').count()).toBe(3);
    expect((await rows(page)).join()).toContain('ibm,random-v1');
    expect(await page.locator('.box.detached').count()).toBe(3);
    expect(await page.title()).toBe('platform-facilities · Transplant');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('an address names event, node and view, and follows the selection', async () => {
    const id = eventOf(/^detach .*random-v1$/);
    const { page } = await viewer.open(detach, `#event=${id}&node=/ibm,platform-facilities/ibm,random-v1`);
    expect(await text(page.locator('.node-panel h3'))).toBe('/ibm,platform-facilities/ibm,random-v1');
    // By then only the first of three nodes is detached.
    expect(await page.locator('.of-node.dangling').count()).toBe(1);
    await page.getByRole('tab', { name: 'Verdict' }).click();
    expect(page.url()).toContain(`#event=${id}&node=/ibm,platform-facilities/ibm,random-v1&view=verdict`);
    await page.evaluate("location.hash = '#event=0&view=tree'");
    await expect.poll(() => page.locator('.of-node.dangling').count()).toBe(0);
    await page.close();
  });

  test('an address names an event by its id, whatever its position', async () => {
    const renumbered = runsPage([
      {
        ...run,
        events: run.events.map((event) => ({ ...event, id: event.id + 500 })),
        ledger: run.ledger.map((change) => ({ ...change, event: (change.event ?? 0) + 500 })),
      },
    ]);
    const id = eventOf(/^detach .*random-v1$/) + 500;
    const { page } = await viewer.open(renumbered, `#event=${id}`);
    expect(await text(page.locator('.current-event'))).toMatch(/detach .*random-v1/);
    expect(page.url()).toContain(`#event=${id}&`);
    await page.getByRole('tab', { name: 'Verdict' }).click();
    const links = page.locator('.rule', { hasText: 'dangling link' }).getByText(/go to event/);
    expect(await text(links.first())).toBe(`go to event ${id}`);
    await page.keyboard.press('End');
    await links.first().click();
    await expect.poll(() => page.url()).toContain(`#event=${id}&`);
    await page.close();
  });

  test('an address can name another run, with its event and node', async () => {
    const { page } = await viewer.open(compared, '#view=tree&run=0');
    const id = compared.runs[2]?.events.find(({ text }) => /^ibm,update-nodes/.test(text))?.id ?? -1;
    await page.evaluate(`location.hash = '#run=2&event=${id}&node=/ibm,platform-facilities&view=tree'`);
    await expect.poll(() => text(page.locator('header .outcome'))).toMatch(/^safe/);
    expect(await text(page.locator('.current-event'))).toMatch(/ibm,update-nodes/);
    expect(await text(page.locator('.node-panel h3'))).toBe('/ibm,platform-facilities');
    await page.close();
  });

  test('every view has the full width of the page', async () => {
    for (const view of ['compare', 'tree', 'verdict', 'bytes']) {
      const { page } = await viewer.open(compared, `#view=${view}`);
      expect({ view, ...(await page.locator('.columns').boundingBox()) }).toMatchObject({
        view,
        x: 0,
        width: 1400,
      });
      await page.close();
    }
  });

  test('an unchanged node that should have changed is marked', async () => {
    const { page } = await viewer.open(runsPage([await storyUnder('ignore')]));
    expect(await page.locator('.box.kept .badge.stale').count()).toBe(3);
    expect(await page.locator('.nodes .found').allInnerTexts()).toEqual(Array(3).fill('stale property'));
    await page.keyboard.press('Home');
    await expect.poll(() => page.locator('.nodes .found').count()).toBe(0);
    await page.close();
  });

  test('the page of a diff shows the nodes added, removed and changed, and no events', async () => {
    const [old, now] = [
      [node('a', [cells('x', 1)]), node('gone')],
      [node('a', [cells('x', 2)]), node('new')],
    ].map((children) => ({ tree: tree(node('', [], children)), name: 'tree.dts', unread: [] }));
    if (!old || !now) throw new Error('two trees');
    const changes = diffTrees(old.tree, now.tree, { by: 'path' });
    const { page, complaints } = await viewer.open(diffPage('a → b', old, now, changes), '#node=/a');
    expect(await text(page.locator('header'))).toContain('3 differences');
    expect(await page.locator('.outcome').count()).toBe(0);
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Tree']);
    expect(await text(page.locator('.node-panel'))).toMatch(/<0x1>[\s\S]*<0x2>/);
    expect((await rows(page)).join()).toMatch(/gone[\s\S]*new/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('invalid members of an address are ignored', async () => {
    for (const link of ['#event=99999999&node=no&run=7', '#%%%&event=-1&view=%00']) {
      const { page, complaints } = await viewer.open(detach, link);
      expect(await text(page.locator('header h1'))).toBe('platform-facilities');
      expect(complaints).toEqual([]);
      await page.close();
    }
  });

  test('keys: previous and next event, significant events, search, help', async () => {
    const first = eventOf(/^detach .*random-v1$/);
    const { page } = await viewer.open(detach, `#event=${first}`);
    const t = () => Number(/event=(\d+)/.exec(page.url())?.[1]);
    await page.keyboard.press('j');
    await expect.poll(t).toBe(eventOf(/^detach .*compression-v1$/));
    await page.keyboard.press('k');
    await expect.poll(t).toBe(first);
    await page.keyboard.press('ArrowRight');
    await expect.poll(t).toBeGreaterThan(first);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(t).toBe(first);
    await page.keyboard.press('Home');
    await expect.poll(t).toBe(0);
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('/');
    await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('search');
    await page.keyboard.type('0xfffffff4');
    await expect.poll(async () => (await rows(page)).length).toBe(3); // with its two ancestors
    expect((await rows(page)).join()).toContain('ibm,compression-v1');
    await page.close();
  });

  test('counts and holders after the current event', async () => {
    const node = '/ibm,platform-facilities/ibm,random-v1';
    const { page } = await viewer.open(detach, `#event=0&node=${node}`);
    expect(await text(page.locator('.holders'))).toContain('sysfs');
    expect(await text(page.locator('.holders'))).not.toContain('vio ibm,random-v1');
    await page.keyboard.press('End');
    await expect
      .poll(() => text(page.locator('.holders').first()))
      .toMatch(/count 1, detached\s+vio ibm,random-v1/);
    await page.close();
  });

  test('bytes: a range and its meaning are highlighted together', async () => {
    const id = eventOf(/^ibm,update-nodes/);
    const { page } = await viewer.open(detach, `#event=${id}&view=bytes`);
    expect(await text(page.locator('.bytes h3'))).toContain('delete fffffff5');
    const after = page.locator('.area').nth(2);
    await after.locator('.piece', { hasText: 'ff ff ff f5' }).hover();
    expect(await text(after.locator('.meaning-list .highlighted'))).toMatch(/deleted node\s*fffffff5/);
    await after.locator('.meaning-list button', { hasText: 'fffffff3' }).hover();
    expect(await text(after.locator('.piece.highlighted'))).toBe('ff ff ff f3');
    await page.close();
  });

  test('verdict: findings link to their event and node', async () => {
    const { page } = await viewer.open(detach, '#view=verdict');
    expect(await page.locator('.rule h3').allInnerTexts()).toContain('damageuse-after-free warning × 3');
    await page.locator('.rule', { hasText: 'dangling link' }).getByText('show the node').first().click();
    expect(await text(page.locator('.node-panel h3'))).toBe('/ibm,platform-facilities/ibm,random-v1');
    expect(page.url()).toContain(`event=${eventOf(/^detach .*random-v1$/)}&`);
    await page.close();
  });

  test('compare: the table, and two runs aligned with their first divergence', async () => {
    const { page, complaints } = await viewer.open(compared);
    expect(await page.locator('.compare tbody tr').count()).toBe(3);
    const mark = page.locator('.first-divergence');
    expect(await mark.count()).toBe(1);
    expect(await text(mark)).toMatch(/removing node|ignoring remove/);
    await page.getByLabel('Compare with reconcile').check();
    await expect.poll(() => page.url()).toContain('with=2');
    expect(await text(mark)).toMatch(/update-nodes/);
    await page.getByRole('button', { name: 'reconcile' }).click();
    expect(await text(page.locator('header .outcome'))).toMatch(/^safe/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('scripts in names and values are shown as text', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    const bad = (depth: number): ReturnType<typeof node> =>
      node(
        `${evil}${depth}`,
        [{ name: evil, value: new TextEncoder().encode(`</script>${evil}\0`) }],
        depth > 0 ? [bad(depth - 1)] : [],
      );
    const hostile = { ...run.after, tree: tree(node('', [], [bad(3)])) };
    const { page, complaints } = await viewer.open(
      runsPage([
        {
          ...run,
          name: evil,
          description: `<!-- ${evil}`,
          policy: '</script><!--<script>',
          after: hostile,
          events: run.events.map((event) => ({ ...event, text: `${evil}\u2028${event.text}` })),
        },
      ]),
      `#node=/${encodeURIComponent(`${evil}3`)}`,
    );
    expect(await text(page.locator('header h1'))).toBe(evil);
    // The name contains slashes, so no address can name the node.
    expect((await rows(page)).join()).toContain(evil);
    await page
      .locator('[role=treeitem]', { hasText: `${evil}3` })
      .first()
      .click();
    expect(await text(page.locator('.properties'))).toContain(evil);
    expect(await page.locator('#app img, #app script').count()).toBe(0);
    for (const view of ['Verdict', 'Bytes']) await page.getByRole('tab', { name: view }).click();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the Content-Security-Policy blocks a script that was inserted', async () => {
    const { page, complaints } = await viewer.open(detach);
    await page.evaluate(`
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="document.title = 1">');
      const script = document.createElement('script');
      script.textContent = 'document.title = 2';
      document.body.append(script);
    `);
    await expect
      .poll(() => complaints.filter((one) => /Content Security Policy/.test(one)).length)
      .toBeGreaterThan(1);
    expect(await page.title()).toBe('platform-facilities · Transplant');
    await page.close();
  });

  test('axe-core finds no violations, light and dark', async () => {
    const pages: [PageDocument, readonly string[]][] = [
      [
        detach,
        [
          '#view=tree&event=60&node=/ibm,platform-facilities/ibm,random-v1',
          '#view=verdict',
          `#view=bytes&event=${eventOf(/^ibm,update-nodes/)}`,
        ],
      ],
      [compared, ['#view=compare']],
    ];
    for (const [document, links] of pages) {
      const { page } = await viewer.open(document);
      await page.evaluate(axe.source);
      for (const link of links) {
        await page.evaluate(`location.hash = '${link}'`);
        const view = /view=(\w+)/.exec(link)?.[1];
        await page.locator(`#tab-${view}[aria-selected=true]`).waitFor();
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const rules = colorScheme === 'light' ? '' : "{ runOnly: ['color-contrast'] }";
          const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${rules})`);
          const found = violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map((one) => one.html).join('\n')}`,
          );
          expect(found, `${link} in ${colorScheme}`).toEqual([]);
        }
      }
      await page.close();
    }
  });

  test('a tree of 100,000 nodes: only visible rows are rendered, and every node is found', async () => {
    const slots = (bus: number) =>
      Array.from({ length: 999 }, (_, slot) =>
        node(`slot@${slot}`, [cells('ibm,phandle', bus * 1000 + slot + 1)]),
      );
    const large = tree(
      node(
        '',
        [],
        Array.from({ length: 100 }, (_, bus) => node(`bus@${bus}`, [], slots(bus))),
      ),
    );
    const { page, complaints } = await viewer.open(
      runsPage([
        {
          ...run,
          before: { ...run.before, tree: large },
          after: { ...run.after, tree: large },
          destination: large,
        },
      ]),
    );
    expect(await text(page.locator('.found'))).toBe('100001 nodes');
    expect(await page.locator('[role=treeitem]').count()).toBeLessThan(120);
    await page.getByLabel('Open bus@7', { exact: true }).click();
    await page.locator('.nodes').evaluate((list) => {
      list.scrollTop = 24 * 1000;
    });
    await expect.poll(async () => (await rows(page)).join()).toContain('slot@99');
    expect(await page.locator('[role=treeitem]').count()).toBeLessThan(120);
    await page.locator('#search').fill('0x18301'); // 99,073
    await expect
      .poll(async () => (await rows(page)).map((row) => row.split(/\s/)[0]))
      .toEqual(['/', 'bus@99', 'slot@72']);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('prints the verdict, without the list of events', async () => {
    const { page } = await viewer.open(detach, '#view=verdict');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.events').isVisible()).toBe(false);
    expect(await page.locator('.rule').first().isVisible()).toBe(true);
    await page.close();
  });
});
