import { describe, expect } from 'vitest';
import { cells, indexByPath, node, string, type Tree, walk } from '../../../src/devicetree/index.ts';
import { bootLinuxWith } from '../../../src/migration/boot-linux.ts';
import { disagreements, migrate, modelOf } from '../../../src/migration/index.ts';
import type { Run } from '../../../src/verdict/index.ts';
import { scenario, tally } from '../real.ts';
import { testWithKernel } from '../setup/needs.ts';
import { facilitiesTree } from '../trees.ts';

/** The reconciler in front of unmodified kernels. */

/** A facility with child nodes, which no kernel attaches from one add. */
function withNewSubtree(tree: Tree): Tree {
  const below = (name: string, phandle: number, children: readonly ReturnType<typeof node>[] = []) =>
    node(
      name,
      [string('name', name), string('compatible', 'ibm,new'), cells('ibm,phandle', phandle)],
      children,
    );
  const added = below('ibm,new-v1', 0x7001, [
    below('first', 0x7002, [below('deepest', 0x7003)]),
    below('second', 0x7004),
  ]);
  const { root } = tree;
  return {
    ...tree,
    root: {
      ...root,
      children: root.children.map((child) =>
        child.name === 'ibm,platform-facilities' ? { ...child, children: [...child.children, added] } : child,
      ),
    },
  };
}

const bound = ({ after }: Run) => after.devices.map(({ name, driver }) => `${name} ${driver}`);

describe.each(['debian:6.1', 'debian:6.12'])('%s', (kernel) => {
  const boot = bootLinuxWith({ kernel });

  for (const kernelPolicy of ['ignore', 'detach'] as const) {
    testWithKernel(
      kernel,
      `${kernel}, policy ${kernelPolicy} below: only updates, drivers stay bound, the tree equals the destination's`,
      async () => {
        const wanted = scenario({ policy: 'reconcile', kernelPolicy });
        const run = await migrate(wanted, boot);
        expect(tally(run)).toEqual({});
        expect(run.after.warnings).toEqual([]);
        expect(bound(run)).toEqual(run.before.devices.map(({ name, driver }) => `${name} ${driver}`));
        expect(run.notes.map((note) => note.kind)).toEqual(new Array(4).fill('turned into updates'));
        expect(disagreements(run, await migrate(modelOf({ ...wanted, kernelPolicy }, run)))).toEqual([]);
      },
    );
  }

  testWithKernel(
    kernel,
    `${kernel}: a new subtree is attached completely, although one add attaches one node`,
    async () => {
      const after = withNewSubtree(facilitiesTree({ pool: 0x1600 }));
      const run = await migrate(scenario({ policy: 'reconcile', after }), boot);
      expect(tally(run)['lost-node']).toBeUndefined();
      const there = indexByPath(run.after.tree);
      const paths = Array.from(walk(after), ({ path }) => path).filter((path) => path.includes('ibm,new-v1'));
      expect(paths).toHaveLength(4);
      expect(paths.filter((path) => !there.has(path))).toEqual([]);
    },
  );
});
