import { sameBytes, sameSubtree } from '../../devicetree/index.ts';
import type { PropertyChange } from '../plan.ts';
import type { CollectedAdd, CollectedMessages, CollectedUpdate } from './collected.ts';

/** Whether two migrations have the same messages in the same order. */
export function sameMessages(one: CollectedMessages, other: CollectedMessages): boolean {
  return (
    sameList(one.deletes, other.deletes, (phandle, same) => phandle === same) &&
    sameList(one.updates, other.updates, sameUpdate) &&
    sameList(one.adds, other.adds, sameAdd)
  );
}

function sameUpdate(one: CollectedUpdate, other: CollectedUpdate): boolean {
  return (
    one.phandle === other.phandle &&
    one.failure === other.failure &&
    sameList(one.changes, other.changes, sameChange)
  );
}

function sameChange(one: PropertyChange, other: PropertyChange): boolean {
  if (one.name !== other.name) return false;
  return one.value && other.value ? sameBytes(one.value, other.value) : one.value === other.value;
}

function sameAdd(one: CollectedAdd, other: CollectedAdd): boolean {
  return (
    one.parent === other.parent &&
    one.drcIndex === other.drcIndex &&
    one.failure === other.failure &&
    sameList(one.nodes, other.nodes, sameSubtree)
  );
}

function sameList<T>(one: readonly T[], other: readonly T[], same: (one: T, other: T) => boolean): boolean {
  return one.length === other.length && one.every((each, at) => same(each, other[at] as T));
}
