import { hex32 } from '../../base/index.ts';
import type { RtasFunction } from '../rtas-function.ts';
import { STATUS_MORE } from '../status.ts';
import { WORK_AREA_SIZE } from '../work-area.ts';
import { decodeUpdateNodes } from './decode.ts';
import { describeUpdateNodes, describeUpdateNodesCall } from './describe.ts';
import type { NodeOperation } from './reply.ts';

const LIST_CONTINUED = 'list of nodes continued in another call';

/** `ibm,update-nodes` (LoPAR 7.4.8). */
export const updateNodes = {
  token: 0x3002,
  args: ['work area', 'scope'],
  nret: 1,
  scope: 1,
  statuses: { [STATUS_MORE]: 'more' },
  answeredBy: 'firmware',
  workArea: {
    argument: 0,
    size: WORK_AREA_SIZE,
    stateOffset: 0,
    lastReplyStatus: STATUS_MORE,
    describeCall: describeUpdateNodesCall,
    describeReply: describeUpdateNodes,
    summarizeReply,
    describeContinuation,
    expectedCoverage: [LIST_CONTINUED],
  },
} as const satisfies RtasFunction;

function summarizeReply(bytes: Uint8Array): string {
  return decodeUpdateNodes(bytes).operations.map(summarize).join('; ') || 'nothing';
}

function summarize(list: NodeOperation): string {
  if (list.operation !== 'add') return `${list.operation} ${list.phandles.map(hex32).join(', ')}`;
  return list.pairs
    .map(({ parent, drcIndex }) => `add under ${hex32(parent)} drc ${hex32(drcIndex)}`)
    .join('; ');
}

function describeContinuation(): readonly string[] {
  return [LIST_CONTINUED];
}
