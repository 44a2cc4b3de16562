import {
  describeValue,
  indexByPath,
  type Property,
  sameBytes,
  type TreeNode,
} from '../../devicetree/index.ts';
import type { Rule, RuleFinding } from '../rule.ts';

/** The kernel makes or consumes these itself (drivers/of/fdt.c), so their values do not show what firmware sent. */
const own = new Set(['name', 'phandle', 'linux,phandle']);

export const staleProperty: Rule = {
  name: 'stale-property',
  severity: 'stale',
  title: 'stale property',
  why: 'The property has another value than on the destination. What reads it uses the value of the old server.',
  remedy:
    'Write the new values to /proc/ppc64/ofdt (transplant plan prints the commands), or restart the partition.',
  fixedIn: [],
  check: ({ after, destination, source }) => {
    if (!destination) return [];
    const there = indexByPath(after.tree);
    const was = source ? indexByPath(source) : undefined;
    const findings: RuleFinding[] = [];
    for (const [path, wanted] of indexByPath(destination)) {
      const live = there.get(path);
      if (live) findings.push(...compare(path, live, wanted, was?.get(path)));
    }
    return findings;
  },
};

function compare(path: string, live: TreeNode, wanted: TreeNode, was: TreeNode | undefined): RuleFinding[] {
  const findings: RuleFinding[] = [];
  const values = new Map(live.properties.map((property) => [property.name, property]));
  const subject = (name: string) => `${path === '/' ? '' : path}/${name}`;
  const show = (property: Property) => describeValue(property).text || '(empty)';
  for (const property of wanted.properties) {
    if (own.has(property.name)) continue;
    const current = values.get(property.name);
    if (current && sameBytes(current.value, property.value)) continue;
    findings.push({
      subject: subject(property.name),
      message: current ? 'has not taken the new value' : 'is missing',
      evidence: [...(current ? [`live:   ${show(current)}`] : []), `wanted: ${show(property)}`],
    });
  }
  const kept = new Set(wanted.properties.map((property) => property.name));
  for (const property of was?.properties ?? []) {
    if (kept.has(property.name) || own.has(property.name)) continue;
    const current = values.get(property.name);
    if (current)
      findings.push({
        subject: subject(property.name),
        message: 'is gone on the destination, still in the live tree',
        evidence: [`live:   ${show(current)}`],
      });
  }
  return findings;
}
