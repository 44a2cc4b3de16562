import { StringTable } from '../../base/index.ts';

/**
 * Offsets of return addresses in call traces, from the report of 20 October 2021 and, at the end, from Debian's 6.12. The model
 * has no machine code: functions that neither source names have offset zero.
 */
const offsets: Readonly<Record<string, string>> = {
  refcount_warn_saturate: '+0x160/0x1f0',
  kobject_get: '+0xf0/0x100',
  of_node_get: '+0x30/0x50',
  of_get_parent: '+0x50/0xb0',
  of_fwnode_get_parent: '+0x54/0x90',
  fwnode_count_parents: '+0x50/0x150',
  fwnode_full_name_string: '+0x30/0x110',
  device_node_string: '+0x49c/0x790',
  vsnprintf: '+0x1c0/0x4c0',
  sprintf: '+0x44/0x60',
  devspec_show: '+0x34/0x50',
  dev_attr_show: '+0x40/0xa0',
  sysfs_kf_seq_show: '+0xbc/0x200',
  kernfs_seq_show: '+0x44/0x60',
  seq_read_iter: '+0x2a4/0x740',
  kernfs_fop_read_iter: '+0x254/0x2e0',
  new_sync_read: '+0x120/0x190',
  vfs_read: '+0x1d0/0x240',
  kobject_put: '+0x170/0x2d0',
  of_node_put: '+0x2c/0x40',
  of_fwnode_put: '+0x50/0x70',
  fwnode_get_nth_parent: '+0x68/0x1f0',
};

/** A return address as the kernel prints it: `kobject_get+0xf0/0x100`. */
export function symbol(name: string): string {
  return printedSymbols.get(name);
}

/** Addresses by function: traces name the same few dozen functions. */
const printedSymbols = new StringTable((name) => name + (offsets[name] ?? '+0x0/0x0'), 1000);

/** The address of the trap instruction, after the last return address: `refcount_warn_saturate+0x164/0x1f0`. */
export function trapSymbol(name: string): string {
  return name === 'refcount_warn_saturate' ? 'refcount_warn_saturate+0x164/0x1f0' : symbol(name);
}
