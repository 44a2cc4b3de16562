import { formatValue } from '../format-value.ts';
import type { RtasFunction } from '../rtas-function.ts';
import { connectorStatus } from '../status.ts';
import type { ByteRange } from '../work-area.ts';
import { WORK_AREA_SIZE } from '../work-area.ts';
import { decodeConnector } from './decode.ts';
import { describeConnector, describeConnectorCall } from './describe.ts';

/** `ibm,configure-connector` (LoPAR 13.5.3.5). */
export const configureConnector = {
  token: 0x201e,
  args: ['work area', 'memory extent'],
  nret: 1,
  statuses: {
    [connectorStatus.complete]: 'complete',
    [connectorStatus.nextSibling]: 'next sibling',
    [connectorStatus.nextChild]: 'next child',
    [connectorStatus.nextProperty]: 'next property',
    [connectorStatus.previousParent]: 'previous parent',
    [connectorStatus.needMemory]: 'need more memory',
    [-2]: 'call again',
    [-9001]: 'not supported in this system',
    [-9002]: 'not supported in this connector',
    [connectorStatus.unusable]: 'connector unusable',
  },
  answeredBy: 'firmware',
  workArea: {
    argument: 0,
    size: WORK_AREA_SIZE,
    subject: 'drc index',
    lastReplyStatus: connectorStatus.needMemory,
    describeCall: describeConnectorCall,
    describeReply,
    summarizeReply,
  },
} as const satisfies RtasFunction;

function describeReply(bytes: Uint8Array, status: number): ByteRange[] {
  return describeConnector(status, bytes);
}

function summarizeReply(bytes: Uint8Array, status: number): string {
  const { item } = decodeConnector(status, bytes);
  switch (item.status) {
    case connectorStatus.nextSibling:
    case connectorStatus.nextChild:
      return item.name;
    case connectorStatus.nextProperty:
      return `${item.name} = ${formatValue(item.name, item.value)}`;
    default:
      return '';
  }
}
