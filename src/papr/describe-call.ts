import { hex32, InputError } from '../base/index.ts';
import { decodeConnector } from './configure-connector/decode.ts';
import { describeConnector, describeConnectorCall } from './configure-connector/describe.ts';
import type { ConnectorItem } from './configure-connector/reply.ts';
import { formatValue } from './format-value.ts';
import { STATUS_MORE, statusName } from './status.ts';
import type { RtasTraceEntry } from './trace.ts';
import { decodeUpdateNodes } from './update-nodes/decode.ts';
import { describeUpdateNodes, describeUpdateNodesCall } from './update-nodes/describe.ts';
import type { NodeOperation } from './update-nodes/reply.ts';
import { decodeUpdateProperties } from './update-properties/decode.ts';
import { describeUpdateProperties, describeUpdatePropertiesCall } from './update-properties/describe.ts';
import type { PropertyDescriptor } from './update-properties/reply.ts';
import { type ByteRange, viewOf } from './work-area.ts';

/**
 * A call in one line for people:
 * `ibm,update-nodes(scope 1) → 0: delete fffffff5, fffffff4, fffffff3, fffffff6; add under ffffffff drc 20000001`.
 */
export function describeCall(entry: RtasTraceEntry): string {
  const status = entry.rets[0];
  if (status === undefined) return `${entry.name}(${describeArguments(entry)}) → nothing`;
  const name = status === 0 ? undefined : statusName(entry.name, status);
  const head = `${entry.name}(${describeArguments(entry)}) → ${status}${name === undefined ? '' : ` (${name})`}`;
  const reply = describeReply(entry, status);
  return reply === '' ? head : `${head}: ${reply}`;
}

/** The ranges of a call's work area before and after it; undefined where the call has none that is known. */
export function describeWorkArea(
  entry: RtasTraceEntry,
): { before: ByteRange[]; after: ByteRange[] } | undefined {
  const { area, name } = entry;
  if (area === undefined) return undefined;
  const { before, after } = area;
  const status = entry.rets[0] ?? 0;
  const replied = hasReply(name, status);
  switch (name) {
    case 'ibm,update-nodes':
      return {
        before: describeUpdateNodesCall(before),
        after: replied ? describeUpdateNodes(after) : describeUpdateNodesCall(after),
      };
    case 'ibm,update-properties':
      return {
        before: describeUpdatePropertiesCall(before),
        after: replied ? describeUpdateProperties(after) : describeUpdatePropertiesCall(after),
      };
    case 'ibm,configure-connector':
      return {
        before: describeConnectorCall(before),
        after: replied ? describeConnector(status, after) : describeConnectorCall(after),
      };
    default:
      return undefined;
  }
}

/** Whether a status says that the work area was filled. */
function hasReply(name: string, status: number): boolean {
  return status >= 0 && status <= (name === 'ibm,configure-connector' ? 5 : STATUS_MORE);
}

function describeArguments({ name, args, area }: RtasTraceEntry): string {
  const word = (offset: number) => (area === undefined ? undefined : viewOf(area.before).getUint32(offset));
  const state = (offset: number) => (word(offset) ? `, state ${hex32(word(offset) ?? 0)}` : '');
  const scope = `scope ${(args[1] ?? 0) | 0}`;
  switch (area === undefined ? '' : name) {
    case 'ibm,update-nodes':
      return scope + state(0);
    case 'ibm,update-properties':
      return `${hex32(word(0) ?? 0)}, ${scope}${state(4)}`;
    case 'ibm,configure-connector':
      return `drc ${hex32(word(0) ?? 0)}`;
    default:
      return args.map((arg) => (arg < 0x10000 ? String(arg) : `0x${arg.toString(16)}`)).join(', ');
  }
}

function describeReply({ name, area }: RtasTraceEntry, status: number): string {
  if (area === undefined || !hasReply(name, status)) return '';
  try {
    switch (name) {
      case 'ibm,update-nodes':
        return decodeUpdateNodes(area.after).operations.map(describeOperation).join('; ') || 'nothing';
      case 'ibm,update-properties':
        return (
          decodeUpdateProperties(area.after).descriptors.map(describeDescriptor).join('; ') ||
          'no descriptors'
        );
      case 'ibm,configure-connector':
        return describeItem(decodeConnector(status, area.after).item);
      default:
        return '';
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `malformed at byte ${error.where.offset}: ${error.message}`;
  }
}

function describeOperation(list: NodeOperation): string {
  if (list.operation !== 'add') return `${list.operation} ${list.phandles.map(hex32).join(', ')}`;
  return list.pairs
    .map(({ parent, drcIndex }) => `add under ${hex32(parent)} drc ${hex32(drcIndex)}`)
    .join('; ');
}

function describeDescriptor(descriptor: PropertyDescriptor): string {
  switch (descriptor.kind) {
    case 'path':
      return descriptor.path;
    case 'value':
      return `${descriptor.name} = ${formatValue(descriptor.name, descriptor.value)}`;
    case 'partial':
      return `${descriptor.name}, ${descriptor.value.length} bytes to be continued`;
    case 'empty':
      return `${descriptor.name} without value`;
    case 'deleted':
      return `${descriptor.name} deleted`;
  }
}

function describeItem(item: ConnectorItem): string {
  switch (item.status) {
    case 1:
    case 2:
      return item.name;
    case 3:
      return `${item.name} = ${formatValue(item.name, item.value)}`;
    default:
      return '';
  }
}
