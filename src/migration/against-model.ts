import { indexByPath, sameBytes, type Tree, type TreeNode, walk } from '../devicetree/index.ts';
import {
  driverFacts,
  driverNames,
  driverPrefixes,
  nearestRelease,
  type Observation,
} from '../partition/index.ts';
import type { Run } from '../verdict/index.ts';
import { incomparableFrom } from './known-differences.ts';
import type { PolicyChoice, Scenario } from './scenario.ts';

/** A difference between the model and a real kernel: a defect of the model. */
export interface Disagreement {
  readonly about: 'log' | 'tree' | 'link' | 'verdict';
  /** The line, path, device or rule. */
  readonly subject: string;
  readonly real: string;
  readonly model: string;
}

/** The scenario with the release, policy, drivers and trees of a run on a real kernel, for the model to repeat. */
export function modelOf(scenario: Scenario, real: Run): Scenario {
  const { platform, devices } = real.before;
  const release = nearestRelease(platform.release);
  const policy: PolicyChoice =
    real.policy === 'reconcile' ? 'reconcile' : platform.policy.startsWith('detach') ? 'detach' : 'ignore';
  // The trees without what the real partition does not support.
  const [before, after] =
    scenario.times % 2 === 1 ? [real.source, real.destination] : [real.destination, real.source];
  return {
    ...scenario,
    before,
    after,
    release,
    policy,
    drivers: driverNames.filter((name) => devices.some(({ driver }) => driverFacts(driver)?.module === name)),
  };
}

/** Lines about a migration that model and kernel both print. Other lines of a real kernel are not modelled. */
const comparable = new RegExp(
  `^(${['mobility: ', 'refcount_t: ', 'Duplicate name in ', 'Unexpected Error \\(', 'OF: ', ...driverPrefixes()].join('|')})`,
);

/** The number of premature returns from H_JOIN depends on QEMU (7.2) and differs between runs. */
const accidental = /^mobility: premature return from H_JOIN/;

/**
 * Compares two runs of one scenario: the lines about the migration in order, the scenario's part of the tree, the VIO
 * devices' links, and which rules found how much. Where a known difference begins, only what the log says before it.
 */
export function disagreements(real: Run, model: Run): readonly Disagreement[] {
  const incomparable = incomparableFrom(model);
  if (incomparable) {
    const predicted = lines(model, incomparable.line);
    return compareLines(lines(real).slice(0, predicted.length), predicted);
  }
  return [
    ...compareLines(lines(real), lines(model)),
    ...compareTrees(real, model),
    ...compareLinks(real.after, model.after),
    ...compareVerdicts(real, model),
  ];
}

function lines({ before, after }: Run, end = Infinity): string[] {
  return after.log
    .slice(before.log.length, end)
    .map((line) => line.text)
    .filter((text) => comparable.test(text) && !accidental.test(text));
}

/** Compares line by line and stops at the first difference, because later lines follow from it. */
function compareLines(said: readonly string[], predicted: readonly string[]): Disagreement[] {
  for (let at = 0; at < Math.max(said.length, predicted.length); at++) {
    const [one = '(nothing more)', other = '(nothing more)'] = [said[at], predicted[at]];
    if (one !== other) return [{ about: 'log', subject: `line ${at + 1}`, real: one, model: other }];
  }
  return [];
}

/** Properties that the kernel or the boot code creates. */
const own = new Set(['name', 'phandle', 'linux,phandle']);

/** Compares the nodes and properties that the scenario names, and all new nodes. */
function compareTrees(real: Run, model: Run): Disagreement[] {
  const spoken = new Map<string, Set<string>>();
  for (const tree of [real.source, real.destination]) {
    for (const { path, node } of walk(tree)) {
      const names = spoken.get(path) ?? new Set();
      for (const property of node.properties) names.add(property.name);
      spoken.set(path, names);
    }
  }
  const [one, other] = [indexByPath(real.after.tree), indexByPath(model.after.tree)];
  const found: Disagreement[] = [];
  for (const path of new Set([...spoken.keys(), ...newNodes(real), ...newNodes(model)])) {
    const [here, there] = [one.get(path), other.get(path)];
    if (!here || !there) {
      if (here || there)
        found.push({ about: 'tree', subject: path, real: presence(here), model: presence(there) });
      continue;
    }
    for (const name of spoken.get(path) ?? []) {
      const [value, predicted] = [bytesOf(here, name), bytesOf(there, name)];
      if (own.has(name) || same(value, predicted)) continue;
      found.push({ about: 'tree', subject: `${path}:${name}`, real: show(value), model: show(predicted) });
    }
  }
  return found;
}

/** Paths of new nodes, such as those with a suffix `#1`. */
function newNodes({ before, after }: Run): string[] {
  const old = new Set(paths(before.tree));
  return paths(after.tree).filter((path) => !old.has(path));
}

const paths = (tree: Tree) => Array.from(walk(tree), ({ path }) => path);
const presence = (node: TreeNode | undefined) => (node ? 'there' : 'not there');
const bytesOf = (node: TreeNode, name: string) =>
  node.properties.find((property) => property.name === name)?.value;
const same = (one?: Uint8Array, other?: Uint8Array) => (one && other ? sameBytes(one, other) : one === other);
const show = (value?: Uint8Array) => (value ? Buffer.from(value).toString('hex') || '(empty)' : '(absent)');

function compareLinks(real: Observation, model: Observation): Disagreement[] {
  const state = (observation: Observation) =>
    new Map(
      observation.devices.map(({ name, driver, ofNode }) => [
        name,
        `${ofNode.state}, ${driver ? 'bound' : 'no driver'}`,
      ]),
    );
  const [one, other] = [state(real), state(model)];
  return Array.from(new Set([...one.keys(), ...other.keys()])).flatMap((name): Disagreement[] => {
    const [here = 'no device', there = 'no device'] = [one.get(name), other.get(name)];
    // Other virtual devices belong to the machine that runs the kernel, not to the scenario.
    if (here === there || !/^ibm,/.test(name)) return [];
    return [{ about: 'link', subject: name, real: here, model: there }];
  });
}

/** Rules that only the model can check: a real kernel does not show who holds a reference. */
const modelOnly = new Set(['leaked-reference']);

function compareVerdicts(real: Run, model: Run): Disagreement[] {
  const tally = ({ verdict }: Run) => {
    const counts = new Map<string, number>();
    for (const { rule } of verdict.findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    return counts;
  };
  const [one, other] = [tally(real), tally(model)];
  return Array.from(new Set([...one.keys(), ...other.keys()])).flatMap((rule): Disagreement[] => {
    const [found = 0, predicted = 0] = [one.get(rule), other.get(rule)];
    if (found === predicted || modelOnly.has(rule)) return [];
    return [{ about: 'verdict', subject: rule, real: String(found), model: String(predicted) }];
  });
}
