import { describeValue, findByPath, type Property, type TreeNode } from '../../devicetree/index.ts';
import { newEvents } from '../new-events.ts';
import type { Rule, RuleFinding } from '../rule.ts';
import type { LogEvent } from '../story/index.ts';

export const ignoredUpdate: Rule = {
  name: 'ignored-update',
  severity: 'stale',
  title: 'ignored update',
  why: 'Firmware replaced the node, and the kernel kept the old one. Its properties are those of the server on which the partition was booted.',
  remedy:
    'Restart the partition; or, if the new values are known from a partition that was booted on this server, write them to /proc/ppc64/ofdt (transplant plan prints the commands).',
  fixedIn: [],
  check: (evidence) => {
    // With a destination, stale-property finds the stale properties exactly.
    if (evidence.destination) return [];
    const findings = new Map<string, RuleFinding>();
    for (const {
      at,
      line,
      values: [path = ''],
    } of newEvents(evidence, isIgnored)) {
      const node = findByPath(evidence.after.tree, path);
      const stale = node ? mayBeStale(node) : [];
      // A later migration does not make up for what the first one ignored.
      if (stale.length > 0 && !findings.has(path))
        findings.set(path, {
          subject: path,
          message: `kept as it was: ${stale.map(({ name }) => name).join(', ')}`,
          evidence: [line.text.trim(), ...valuesOf(stale, node)],
          logAt: at,
        });
    }
    return Array.from(findings.values());
  },
};

function isIgnored({ name }: LogEvent): boolean {
  return name === 'ignored-remove';
}

/** Properties that identify a node; a migration does not change them. */
const identity = new Set(['name', 'compatible', 'device_type', 'phandle', 'linux,phandle', 'ibm,phandle']);

function mayBeStale(node: TreeNode): readonly Property[] {
  // LoPAR lets every property of a facility change in a migration, and none of their parent.
  const facility = !node.properties.some(({ name }) => name === '#address-cells');
  return facility ? node.properties.filter(({ name }) => !identity.has(name)) : [];
}

function valuesOf(stale: readonly Property[], node: TreeNode | undefined): string[] {
  return stale.map((one) => `${one.name} = ${describeValue(one, node ? { node } : {}).text || '(empty)'}`);
}
