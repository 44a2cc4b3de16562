import { describe, expect, test } from 'vitest';
import { node } from '../../../src/devicetree/index.ts';
import { nodeBaseName, nodeName } from '../../../src/kernel/of/print.ts';
import type { ReleaseName } from '../../../src/partition/index.ts';
import { findWarnings } from '../../../src/partition/index.ts';
import { at, boot } from '../support/booted.ts';
import { cells, rootOf } from '../support/facilities.ts';

const tree = () => rootOf(node('a', [], [node('b@1', [cells('ibm,phandle', 0xfffffff6)], [node('c')])]));

describe('%pOF', () => {
  test('prints paths with unit addresses, and nothing for the root', () => {
    const k = boot(tree(), { drivers: [] });
    expect(nodeName(k, at(k, '/a/b@1/c'))).toBe('/a/b@1/c');
    expect(nodeName(k, k.of.root)).toBe('');
    expect(nodeBaseName(at(k, '/a/b@1'))).toBe('b');
  });

  test.each(['5.10', '6.12'] as const)('v%s puts what it gets, with the ledger on and off', (release) => {
    for (const ledger of [false, true]) {
      const k = boot(tree(), { drivers: [], release, ledger });
      const before = k.of.nodes.map((np) => [np.count, np.holders.length]);
      nodeName(k, at(k, '/a/b@1/c'));
      expect(k.of.nodes.map((np) => [np.count, np.holders.length])).toEqual(before);
    }
  });

  const warned = (release: ReleaseName, dead: string, printed: string) => {
    const k = boot(tree(), { drivers: [], release });
    at(k, dead).count = 0;
    nodeName(k, at(k, printed), []);
    return findWarnings(k.log.lines).map(
      ({ message, callChain }) => `${message} ${callChain[1]} < ${callChain.slice(-3)[0]}`,
    );
  };

  test('an ancestor with a count of zero causes warnings with call chains', () => {
    expect(warned('6.12', '/a', '/a/b@1/c')).toEqual([
      'refcount_t: addition on 0; use-after-free. kobject_get < fwnode_count_parents',
      'refcount_t: underflow; use-after-free. kobject_put < fwnode_count_parents',
      'refcount_t: saturated; leaking memory. kobject_get < fwnode_get_nth_parent',
    ]);
  });

  test('the printed node itself causes warnings up to v5.10 only', () => {
    expect(warned('5.10', '/a/b@1/c', '/a/b@1/c')).toHaveLength(3);
    expect(warned('6.1', '/a/b@1/c', '/a/b@1/c')).toEqual([]);
  });
});
