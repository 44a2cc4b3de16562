import { sameTree } from '../devicetree/index.ts';
import {
  type ClientOutcome,
  type DriverState,
  type Holder,
  type MigrationOutcome,
  type NodeReferences,
  type OfNodeLink,
  sameLines,
  type VioDevice,
} from '../partition/index.ts';
import type { Evidence } from './evidence.ts';

/**
 * Whether two runs of one scenario get the same verdict: they differ at most in the times of their log lines. Warnings follow
 * from the log and are not compared.
 */
export function sameEvidence(one: Required<Evidence>, other: Required<Evidence>): boolean {
  if (one.source !== other.source || one.destination !== other.destination || one.before !== other.before)
    return false;
  const [seen, known] = [one.after, other.after];
  return (
    sameLines(seen.log, known.log) &&
    sameTree(seen.tree, known.tree) &&
    sameList(seen.devices, known.devices, sameDevice) &&
    sameList(seen.drivers, known.drivers, sameDriver) &&
    sameList(seen.references ?? [], known.references ?? [], sameReferences) &&
    sameList(one.outcomes, other.outcomes, sameOutcome)
  );
}

function sameList<T>(one: readonly T[], other: readonly T[], same: (one: T, other: T) => boolean): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!same(one[at] as T, other[at] as T)) return false;
  return true;
}

function sameDevice(one: VioDevice, other: VioDevice): boolean {
  return (
    one.name === other.name &&
    one.driver === other.driver &&
    one.devspec === other.devspec &&
    sameLink(one.ofNode, other.ofNode)
  );
}

function sameLink(one: OfNodeLink, other: OfNodeLink): boolean {
  if (one.state === 'absent' || other.state === 'absent') return one.state === other.state;
  return one.state === other.state && one.target === other.target;
}

function sameDriver(one: DriverState, other: DriverState): boolean {
  return one.driver === other.driver && one.device === other.device && sameRecord(one.values, other.values);
}

function sameReferences(one: NodeReferences, other: NodeReferences): boolean {
  return (
    one.count === other.count &&
    one.state === other.state &&
    one.path === other.path &&
    one.phandle === other.phandle &&
    one.generation === other.generation &&
    one.boot === other.boot &&
    sameList(one.holders, other.holders, sameHolder)
  );
}

function sameHolder(one: Holder, other: Holder): boolean {
  return one.who === other.who && one.count === other.count;
}

function sameOutcome(one: MigrationOutcome, other: MigrationOutcome): boolean {
  const written = one.written.ok
    ? other.written.ok && one.written.value === other.written.value
    : !other.written.ok && one.written.errno === other.written.errno;
  return written && sameList(one.clients, other.clients, sameClient);
}

function sameClient(one: ClientOutcome, other: ClientOutcome): boolean {
  return one.name === other.name && one.succeeded === other.succeeded && sameRecord(one.failed, other.failed);
}

type Values = Readonly<Record<string, number | string>>;

/** In the same order, which reports show. */
function sameRecord(one: Values, other: Values): boolean {
  const names = Object.keys(one);
  return sameList(names, Object.keys(other), (name, same) => name === same && one[name] === other[name]);
}
