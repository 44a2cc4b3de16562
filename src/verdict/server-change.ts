import {
  asCells,
  asString,
  describeValue,
  findByPath,
  type Property,
  property,
  sameBytes,
  type Tree,
  type TreeNode,
  walk,
} from '../devicetree/index.ts';
import type { LogLine, Observation } from '../partition/index.ts';
import { takenInBy } from './advice.ts';
import { fixes } from './fixes.ts';

/** Whether two captures of a partition are from two servers, and what differs there that matters to it. */
export interface ServerChange {
  /** `unknown`: neither capture says on which server it was taken. */
  readonly outcome: 'another server' | 'same server' | 'unknown';
  /** What proves it, as `model: IBM,9080-HEX → IBM,9105-42A`. */
  readonly proof: readonly string[];
  readonly changes: readonly ChangedFact[];
}

/** Something that the servers differ in. */
export interface ChangedFact {
  /** `placement of 8 CPUs` */
  readonly what: string;
  /** Paths of properties with their values before and after, at most four. */
  readonly evidence: readonly string[];
  /** Whether the kernel takes the new value in, by release. */
  readonly takenIn: string;
}

/** Compares a capture with one from before. */
export function serverChange(before: Observation, after: Observation): ServerChange {
  const identities = [...treeIdentities(before.tree, after.tree), ...logIdentities(before.log, after.log)];
  const proof = identities
    .filter(({ was, is }) => was !== is)
    .map(({ what, was, is }) => `${what}: ${was} → ${is}`);
  const outcome = identities.length === 0 ? 'unknown' : proof.length > 0 ? 'another server' : 'same server';
  return { outcome, proof, changes: changedFacts(before.tree, after.tree, after.platform.release) };
}

interface Identity {
  readonly what: string;
  readonly was: string;
  readonly is: string;
}

/** Properties that name a server, with the paths of their nodes. The serial number is part of the system-id. */
const identifying: readonly (readonly [path: string, name: string, what: string])[] = [
  ['/', 'system-id', 'system-id'],
  ['/', 'model', 'model'],
  ['/', 'ibm,fw-vernum_encoded', 'firmware level'],
  ['/openprom', 'ibm,fw-vernum_encoded', 'firmware level'],
];

function treeIdentities(before: Tree, after: Tree): readonly Identity[] {
  return identifying.flatMap(([path, name, what]) => {
    const [was, is] = [before, after].map((tree) => asString(findProperty(tree, path, name)?.value));
    return was === undefined || is === undefined ? [] : [{ what, was, is }];
  });
}

function findProperty(tree: Tree, path: string, name: string): Property | undefined {
  const node = findByPath(tree, path);
  return node && property(node, name);
}

const HARDWARE_NAME = /^Hardware name: (.+)$/;

/** The last name of the hardware in each log, which the kernel takes at boot: after a migration it is still the old one. */
function logIdentities(before: readonly LogLine[], after: readonly LogLine[]): readonly Identity[] {
  const [was, is] = [before, after].map((log) => log.findLast(({ text }) => HARDWARE_NAME.test(text)));
  const [old, now] = [was, is].map((line) => HARDWARE_NAME.exec(line?.text ?? '')?.[1]);
  return old === undefined || now === undefined || old === now
    ? []
    : [{ what: 'hardware', was: old, is: now }];
}

/** A kind of property whose values differ between servers. */
interface Fact {
  readonly is: (path: string, node: TreeNode, name: string) => boolean;
  readonly what: (count: number) => string;
  readonly takenIn: (release: string) => string;
}

const facts: readonly Fact[] = [
  {
    is: (_, node, name) => name === 'ibm,associativity' && isType(node, 'cpu'),
    what: (count) => `NUMA placement of ${count} CPU ${count === 1 ? 'node' : 'nodes'}`,
    takenIn: () =>
      'a running CPU keeps its NUMA node until it is removed and added, or the partition is restarted',
  },
  {
    is: (path, node, name) =>
      (name === 'ibm,associativity' && isType(node, 'memory')) ||
      (path === '/ibm,dynamic-reconfiguration-memory' &&
        /^ibm,(?:associativity-lookup-arrays|dynamic-memory(?:-v2)?)$/.test(name)),
    what: () => 'NUMA placement of memory',
    takenIn: (release) => takenInBy(fixes.updatesMemoryPlacement, release),
  },
  {
    is: (_, __, name) => /^ibm,(?:max|current)-associativity-domains$/.test(name),
    what: () => 'number of NUMA nodes',
    takenIn: (release) => takenInBy(fixes.countsNodesOfAnyServer, release),
  },
  {
    is: (_, node, name) =>
      isType(node, 'cpu') && /^(?:cpu-version|compatible|ibm,pa-features|ibm,pi-features)$/.test(name),
    what: () => 'what the processors are compatible with',
    takenIn: () =>
      'the kernel and programs keep what they found when they started, until the partition is restarted',
  },
  {
    is: (path, _, name) =>
      path.startsWith('/ibm,platform-facilities/') &&
      /^(?:status|ibm,max-sg-len|ibm,max-sync-cop)$/.test(name),
    what: () => 'limits of the coprocessors',
    takenIn: () => 'drivers read them when they are bound: unbind them and bind them again',
  },
];

function isType(node: TreeNode, type: string): boolean {
  return asString(property(node, 'device_type')?.value) === type;
}

const MAX_EVIDENCE = 4;

function changedFacts(before: Tree, after: Tree, release: string): readonly ChangedFact[] {
  const old = new Map(Array.from(walk(before), ({ path, node }) => [path, node]));
  const found = facts.map((): string[] => []);
  for (const { path, node } of walk(after)) {
    const was = old.get(path);
    if (!was) continue;
    for (const now of node.properties) {
      const value = property(was, now.name);
      const at = facts.findIndex(({ is }) => is(path, node, now.name));
      if (at < 0 || !value || sameBytes(value.value, now.value)) continue;
      found[at]?.push(`${path}:${now.name}: ${shown(value)} → ${shown(now)}`);
    }
  }
  return facts.flatMap(({ what, takenIn }, at) => {
    const evidence = found[at] ?? [];
    if (evidence.length === 0) return [];
    return [
      { what: what(evidence.length), evidence: evidence.slice(0, MAX_EVIDENCE), takenIn: takenIn(release) },
    ];
  });
}

/** Cells of a value that are shown. */
const MAX_CELLS = 8;

function shown(one: Property): string {
  const cells = asCells(one.value);
  if (cells && cells.length > MAX_CELLS) return `${cells.length} cells`;
  return describeValue(one).text || '(empty)';
}
