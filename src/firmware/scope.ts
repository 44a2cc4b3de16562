import { InputError } from '../base/index.ts';
import { asString, type Located, property } from '../devicetree/index.ts';

/**
 * The nodes that a migration may delete and add: scope 1 of LoPAR 7.4.8, table of scopes and reportable nodes. Of all
 * other nodes (root, openprom, rtas, vdevice, cpu, options, memory) it may only update properties.
 */
const RULE =
  'LoPAR 7.4.8, scope 1: a migration deletes and adds only cache nodes, ibm,dynamic-reconfiguration-memory ' +
  'and ibm,platform-facilities with its children';

const FACILITIES = 'ibm,platform-facilities';

/** Whether a node is `/ibm,platform-facilities`, by name or type: real ones have both, QEMU's has no `name` property. */
export function isFacilities({ path, node }: Located): boolean {
  return path.lastIndexOf('/') === 0 && (node.name === FACILITIES || typeOf({ path, node }) === FACILITIES);
}

/** Whether a node is a cache of a CPU. */
export function isCache(located: Located): boolean {
  return located.path.startsWith('/cpus/') && typeOf(located) === 'cache';
}

function typeOf({ node }: Located): string | undefined {
  return asString(property(node, 'device_type')?.value);
}

/**
 * Checks that scope 1 permits a delete or add.
 * @param located the node to delete or add
 * @param facilities path of the platform-facilities node in the same tree, if it has one
 * @throws InputError with the node's path and the rule
 */
export function assertPermitted(
  operation: 'delete' | 'add',
  located: Located,
  facilities: string | undefined,
): void {
  const { path } = located;
  if (isCache(located)) return;
  if (facilities !== undefined && (path === facilities || path.startsWith(`${facilities}/`))) return;
  if (/^\/ibm,dynamic-reconfiguration-memory(\/|$)/.test(path)) return;
  throw new InputError(
    `firmware may not ${operation} ${path} in a migration`,
    { path },
    { hint: `${RULE}; --permit-forbidden sends it anyway` },
  );
}
