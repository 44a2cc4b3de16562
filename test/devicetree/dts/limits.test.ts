import { expect, test } from 'vitest';
import { parseDts, printDts, type TreeNode, writeDtb } from '../../../src/devicetree/index.ts';
import { refusal } from './compile.ts';

const list = (length: number, item: (index: number) => string) =>
  Array.from({ length }, (_, index) => item(index)).join('');

function depth(root: TreeNode): number {
  let levels = 0;
  for (let node = root.children[0]; node !== undefined; node = node.children[0]) levels += 1;
  return levels;
}

test('100,000 nested nodes', () => {
  const source = `/dts-v1/; / {${'a {'.repeat(100_000)}${'};'.repeat(100_001)}`;
  const tree = parseDts(source);
  expect(depth(tree.root)).toBe(100_000);
  expect(refusal(source.slice(0, -1000)).message).toContain('the end of the source');
  expect(refusal('{'.repeat(100_000)).where).toMatchObject({ line: 1, column: 1 });
});

test('nested nodes are merged, deleted and written', () => {
  const nest = `/ {${'a {'.repeat(20_000)}${'};'.repeat(20_001)}`;
  expect(depth(parseDts(printDts(parseDts(`/dts-v1/; ${nest}`))).root)).toBe(20_000);
  expect(depth(parseDts(`/dts-v1/; ${nest} ${nest}`).root)).toBe(20_000);
  expect(depth(parseDts(`/dts-v1/; ${nest} /delete-node/ &{/a};`).root)).toBe(0);
});

test('expressions may nest as deep as they like', () => {
  const value = (expression: string) =>
    parseDts(`/dts-v1/; / { a = <(${expression})>; };`).root.properties[0]?.value;
  const one = Uint8Array.of(0, 0, 0, 1);
  const times = 30_000;
  expect(value(`${'('.repeat(times)}1${')'.repeat(times)}`)).toEqual(one);
  expect(value(`${'!'.repeat(times)}1`)).toEqual(one);
  expect(value(`${'1?'.repeat(times)}1${':0'.repeat(times)}`)).toEqual(one);
  expect(value(`${'1|'.repeat(times)}1`)).toEqual(one);
  expect(refusal(`/dts-v1/; / { a = <${'('.repeat(times)}>; };`).message).toContain('an integer');
  expect(refusal(`/dts-v1/; / { a = <${'9'.repeat(times)}>; };`).message).toBe(
    'a number of more than 64 bits',
  );
});

test.each([
  [
    'siblings that are merged again and again',
    `/ {${list(10_000, (n) => `n${n} { };`)}}; ${'/ { n7 { }; };'.repeat(10_000)}`,
  ],
  [
    'siblings by label',
    `/ {${list(10_000, (n) => `l${n}: n${n} { };`)}}; ${list(10_000, (n) => `&l${n} { };`)}`,
  ],
  ['siblings by path', `/ {${list(10_000, (n) => `n${n} { };`)}}; ${list(10_000, (n) => `&{/n${n}} { };`)}`],
  ['phandles', `/ {${list(10_000, (n) => `a${n} = <&l${n}>;`)}${list(10_000, (n) => `l${n}: n${n} { };`)}};`],
  ['properties', `/ {${list(10_000, (n) => `p${n};`)}}; / {${list(10_000, (n) => `p${n} = "x";`)}};`],
  [
    'labels of one node',
    `/ {${list(10_000, (n) => `l${n}:`)} n { }; }; ${list(10_000, (n) => `m${n}: &{/n} { };`)}`,
  ],
  [
    'deletion and return',
    `/ { p {${list(10_000, (n) => `n${n} { };`)}}; }; / {${'p { }; /delete-node/ p;'.repeat(10_000)}};`,
  ],
  [
    'deleted names before the node',
    `/ {${'/delete-node/ n;'.repeat(10_000)} n { }; }; ${'&{/n} { };'.repeat(10_000)}`,
  ],
  ['line markers', `${list(10_000, (n) => `\n# ${n + 1} "f"`)}\n/ { };`],
])('many: %s', (_, source) => {
  expect(parseDts(`/dts-v1/; ${source}`).root.name).toBe('');
});

test('many references to one long path end in an error', () => {
  const label = list(5000, (n) => `n${n} { p = &deep; q = &deep;`);
  const source = `/dts-v1/; / {${label}deep: end { };${'};'.repeat(5001)}`;
  expect(refusal(source).message).toBe('too many references to long paths');
});

test('references to paths of a usual length are not meant by that', () => {
  const path = `${'a-node-of-a-usual-length@10000000/'.repeat(4)}end`;
  const open = path.split('/').join(' { ');
  const source = `/dts-v1/; / {${list(20_000, (n) => `p${n} = &l;`)} ${open.replace('end', 'l: end')} { }; ${'};'.repeat(4)} };`;
  const { root } = parseDts(source);
  expect(root.properties[19_999]?.value.length).toBe(path.length + 2);
  expect(writeDtb({ root, reservations: [], bootCpu: 0 }).length).toBeGreaterThan(20_000 * path.length);
});
