import { expect, test } from 'vitest';
import { node, tree } from '../../src/devicetree/index.ts';
import { runsPage } from '../../src/report/index.ts';
import type { PageRun } from '../../src/report/page/document.ts';
import { boxSize, layOutDiagram } from '../../viewer/model/diagram.ts';
import { indexTree } from '../../viewer/model/tree-index.ts';
import { storyUnder } from './runs.ts';

const detached = await storyUnder('detach');

function diagramOf(run: typeof detached) {
  const page = runsPage([run]).runs[0] as PageRun;
  return { page, diagram: layOutDiagram(page, indexTree(page.tree)) };
}

test('shows changed nodes and the nodes of devices, each device next to its node', () => {
  const { page, diagram } = diagramOf(detached);
  expect(diagram.nodes.map(({ node }) => page.tree.names[node])).toEqual([
    '',
    'ibm,platform-facilities',
    'ibm,random-v1',
    'ibm,compression-v1',
    'ibm,sym-encryption-v1',
  ]);
  expect(diagram.omitted).toBe(0);
  const at = new Map(diagram.nodes.map((box) => [box.node, box]));
  for (const { device, x, y, to } of diagram.devices) {
    const box = at.get(page.devices[device]?.node ?? -1);
    expect(to).toEqual({ x: box?.x, y: box?.y });
    expect(y).toBe(box?.y);
    expect(x).toBeGreaterThan((box?.x ?? 0) + boxSize.width);
  }
  expect(diagram.devices).toHaveLength(3);
});

test('the boxes are inside the diagram and do not overlap', () => {
  const { diagram } = diagramOf(detached);
  const boxes = [...diagram.nodes, ...diagram.devices];
  for (const [index, { x, y }] of boxes.entries()) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + boxSize.width).toBeLessThanOrEqual(diagram.width);
    expect(y + boxSize.height).toBeLessThanOrEqual(diagram.height);
    for (const other of boxes.slice(index + 1))
      expect(Math.abs(x - other.x) >= boxSize.width || Math.abs(y - other.y) >= boxSize.height).toBe(true);
  }
});

test('an unchanged node without a device is not shown; without devices there is no column for them', () => {
  const same = tree(node('', [], [node('a'), node('b')]));
  const { diagram } = diagramOf({
    ...detached,
    events: [],
    ledger: [],
    before: { ...detached.before, tree: same, devices: [] },
    after: { ...detached.after, tree: same, devices: [], references: [] },
    destination: same,
  });
  expect(diagram.nodes.map((box) => box.node)).toEqual([0]);
  expect(diagram.width).toBe(boxSize.width);
});

test('a device without a node comes last; one without space next to its node is moved down', () => {
  const target = (name: string) => `../../../firmware/devicetree/base/${name}`;
  const device = (name: string, to?: string) => ({
    name,
    driver: null,
    ofNode:
      to === undefined
        ? ({ state: 'absent' } as const)
        : ({ state: 'resolves', target: target(to) } as const),
  });
  const two = tree(node('', [], [node('a'), node('b')]));
  const devices = [device('none'), device('a1', 'a'), device('a2', 'a'), device('b', 'b')];
  const { page, diagram } = diagramOf({
    ...detached,
    before: { ...detached.before, tree: two, devices },
    after: { ...detached.after, tree: two, devices },
    destination: two,
  });
  const names = diagram.devices.map((box) => page.devices[box.device]?.name);
  expect(names).toEqual(['a1', 'a2', 'b', 'none']);
  const tops = diagram.devices.map(({ y }) => y);
  expect(tops).toEqual([...tops].sort((one, other) => one - other));
  expect(new Set(tops).size).toBe(4);
});

test('more changed nodes than fit are counted', () => {
  const added = Array.from({ length: 50 }, (_, at) => node(`new@${at}`));
  const { diagram } = diagramOf({
    ...detached,
    events: [],
    before: { ...detached.before, tree: tree(node('')), devices: [] },
    after: { ...detached.after, tree: tree(node('', [], added)), devices: [], references: [] },
  });
  // 36 boxes, one of which is the root. The nodes of the destination count as lost.
  expect(diagram.nodes).toHaveLength(36);
  expect(diagram.omitted).toBe(50 + 4 - 35);
});
