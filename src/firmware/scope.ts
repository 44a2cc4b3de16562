import { InputError } from '../base/index.ts';
import { asString, type Located, property } from '../devicetree/index.ts';

/**
 * Which nodes a migration may delete and add: scope 1 of LoPAR 7.4.8, table of scopes and reportable nodes. Of all
 * others (root, openprom, rtas, vdevice, cpu, options, memory) it may only update properties.
 */
const RULE =
  'LoPAR 7.4.8, scope 1: a migration deletes and adds only cache nodes, ibm,dynamic-reconfiguration-memory ' +
  'and ibm,platform-facilities with its children';

const FACILITIES = 'ibm,platform-facilities';

/** By name or type, as both occur: real ones have both, QEMU's has no name property. */
export function isFacilities({ path, node }: Located): boolean {
  return path.lastIndexOf('/') === 0 && (node.name === FACILITIES || typeOf({ path, node }) === FACILITIES);
}

export function isCache(located: Located): boolean {
  return located.path.startsWith('/cpus/') && typeOf(located) === 'cache';
}

function typeOf({ node }: Located): string | undefined {
  return asString(property(node, 'device_type')?.value);
}

/**
 * @param located what is to be deleted or added
 * @param facilities path of the platform-facilities node in the same tree, if it has one
 * @throws InputError naming the node and the rule if scope 1 forbids it
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
    { hint: `${RULE}; --permit-forbidden sends it all the same` },
  );
}
