import { expect, test } from 'vitest';
import { cells, node, sameTree, tree } from '../../src/devicetree/index.ts';
import { withoutUnsupported } from '../../src/migration/unsupported.ts';

const cpu = node('cpu@0', [cells('reg', 0), cells('l2-cache', 1)], [node('thread')]);
const whole = tree(
  node('', [cells('system-id', 1)], [node('cpus', [], [cpu, node('cpu@8', [], [node('thread')])])]),
);

test('a refused node goes with all below it, a refused property alone', () => {
  const refused = [
    { path: '/cpus/cpu@8', reason: 'no such processor' },
    { path: '/cpus/cpu@0', property: 'reg', reason: 'it has its own' },
    { path: '/', property: 'system-id', reason: 'it has its own' },
    { path: '/none', reason: 'not there' },
  ];
  const left = node('cpu@0', [cells('l2-cache', 1)], [node('thread')]);
  expect(sameTree(withoutUnsupported(whole, refused), tree(node('', [], [node('cpus', [], [left])])))).toBe(
    true,
  );
});

test('where nothing is refused the tree is the same one', () => {
  expect(withoutUnsupported(whole, [])).toBe(whole);
});
