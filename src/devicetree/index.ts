export { InputError, type Where } from '../base/index.ts';
export {
  type Description,
  describeValue,
  type ValueContext,
  type ValueKind,
  valueDescriber,
} from './describe.ts';
export { applyDelta } from './diff/apply-delta.ts';
export type {
  BootCpuChanged,
  Change,
  ChildrenReordered,
  NodeAdded,
  NodeMoved,
  NodePlace,
  NodeRemoved,
  NodeRenamed,
  NodeReplaced,
  PlacePair,
  PropertyAdded,
  PropertyChanged,
  PropertyRemoved,
  ReservationsChanged,
} from './diff/change.ts';
export { createDelta, type Delta, type IndexRange, type NewProperty, type NodeEdit } from './diff/delta.ts';
export { type DiffOptions, diffTrees } from './diff/diff-trees.ts';
export { withoutIgnored } from './diff/ignore.ts';
export { asDrcInfo, asDrcNumbers, asDrcStrings, type DrcInfo } from './drc.ts';
export { isDtb } from './dtb/format.ts';
export type { Block } from './dtb/header.ts';
export { type Dtb, type DtbLayout, readDtb } from './dtb/read.ts';
export { type WriteDtbOptions, writeDtb } from './dtb/write.ts';
export type { IncludedBytes, IncludedSource, IncludeOptions } from './dts/include.ts';
export { type Dts, type ParseOptions, parseDts } from './dts/parse.ts';
export { type PrintOptions, printDts } from './dts/print.ts';
export { sameNode, sameSubtree, sameTree } from './equal.ts';
export {
  baseName,
  findByPath,
  indexByPath,
  joinPath,
  type Located,
  nodeName,
  type PathIndex,
  parentPath,
  unitAddress,
  type Visit,
  walk,
} from './paths.ts';
export {
  attachPhandle,
  bootPhandle,
  bootPhandleOf,
  findByPhandle,
  type Identity,
  identityDifferences,
  indexByPhandle,
  isOwnPhandle,
  type PhandleIndex,
  type PhandleReader,
} from './phandles.ts';
export { prune } from './prune.ts';
export { type NodeOfPhandle, type Reference, referencesIn } from './references.ts';
export { asMaxSyncCop, type CopLimit, type CryptoLimits, type MaxSyncCop } from './sync-cop.ts';
export { MAX_DUPLICATE, parseSysfsName, siblingNames, sysfsName } from './sysfs-names.ts';
export {
  child,
  node,
  type Property,
  property,
  type Reservation,
  type Tree,
  type TreeNode,
  tree,
} from './tree.ts';
export {
  asCell,
  asCells,
  asString,
  asStrings,
  asU64,
  bytes,
  cells,
  flag,
  sameBytes,
  string,
  strings,
  u64,
} from './values.ts';
