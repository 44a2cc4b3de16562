import { formatValue } from '../format-value.ts';
import type { RtasFunction } from '../rtas-function.ts';
import { STATUS_MORE } from '../status.ts';
import { WORK_AREA_SIZE } from '../work-area.ts';
import { decodeUpdateProperties } from './decode.ts';
import { describeUpdateProperties, describeUpdatePropertiesCall } from './describe.ts';
import type { PropertyDescriptor } from './reply.ts';

const NODE_CONTINUED = 'properties of a node continued in another call';
const PROPERTY_SPLIT = 'property split over calls';

/** `ibm,update-properties` (LoPAR 7.4.9). */
export const updateProperties = {
  token: 0x3003,
  args: ['work area', 'scope'],
  nret: 1,
  scope: 1,
  statuses: { [STATUS_MORE]: 'more' },
  answeredBy: 'firmware',
  workArea: {
    argument: 0,
    size: WORK_AREA_SIZE,
    subject: 'phandle',
    stateOffset: 4,
    lastReplyStatus: STATUS_MORE,
    describeCall: describeUpdatePropertiesCall,
    describeReply: describeUpdateProperties,
    summarizeReply,
    describeContinuation,
    expectedCoverage: [PROPERTY_SPLIT],
  },
} as const satisfies RtasFunction;

function summarizeReply(bytes: Uint8Array): string {
  return decodeUpdateProperties(bytes).descriptors.map(summarize).join('; ') || 'no descriptors';
}

function summarize(descriptor: PropertyDescriptor): string {
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

function describeContinuation(bytes: Uint8Array): readonly string[] {
  const isSplit = decodeUpdateProperties(bytes).descriptors.at(-1)?.kind === 'partial';
  return isSplit ? [NODE_CONTINUED, PROPERTY_SPLIT] : [NODE_CONTINUED];
}
