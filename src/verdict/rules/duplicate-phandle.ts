import { bootPhandle, walk } from '../../devicetree/index.ts';
import { fixes } from '../fixes.ts';
import type { Rule } from '../rule.ts';

export const duplicatePhandle: Rule = {
  name: 'duplicate-phandle',
  severity: 'damage',
  title: 'duplicate phandle',
  why: 'The phandle identifies a node in updates. With two nodes under one number, the next update may change the wrong one.',
  remedy: 'Restart the partition before the next migration or DLPAR operation.',
  fixedIn: [fixes.removesCaches],
  check: ({ after }) => {
    const paths = new Map<number, string[]>();
    for (const { path, node } of walk(after.tree)) {
      const phandle = bootPhandle(node);
      if (phandle === 0) continue;
      const known = paths.get(phandle);
      if (known) known.push(path);
      else paths.set(phandle, [path]);
    }
    return Array.from(paths).flatMap(([phandle, of]) =>
      of.length < 2
        ? []
        : [
            {
              subject: of[0] ?? '/',
              message: `phandle 0x${phandle.toString(16)} names ${of.length} nodes`,
              evidence: of,
            },
          ],
    );
  },
};
