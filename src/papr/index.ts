export {
  ARGUMENT_BLOCK_SIZE,
  type ArgumentBlock,
  decodeArgumentBlock,
  encodeArgumentBlock,
  enterRtas,
} from './argument-block.ts';
export { decodeConnector } from './configure-connector/decode.ts';
export { describeConnector, describeConnectorCall } from './configure-connector/describe.ts';
export { encodeConnector, encodeConnectorCall } from './configure-connector/encode.ts';
export { type ConnectorItem, type ConnectorReply, connectorSize } from './configure-connector/reply.ts';
export { describeCall, describeWorkArea } from './describe-call.ts';
export {
  defaultTokens,
  expectedRtasCoverage,
  findRtasFunction,
  hasWorkArea,
  type MemoryRange,
  type RtasFunctionName,
  rtasFunctions,
  statusName,
  type WorkAreaFunctionName,
  workAreaFunctions,
  workAreaOf,
} from './functions.ts';
export { hcallStatus, hcalls, vasiSignal, vasiState } from './hcalls.ts';
export { createMemory, type GuestMemory, type MemoryRegion } from './memory.ts';
export type { HcallResult, Hypervisor, Rtas, RtasCall } from './rtas.ts';
export type { RtasFunction, RtasWorkArea } from './rtas-function.ts';
export {
  connectorStatus,
  extendedDelay,
  extendedDelayMs,
  rtasStatus,
  STATUS_MORE,
} from './status.ts';
export { type RtasTraceEntry, traceRtas } from './trace.ts';
export { decodeUpdateNodes } from './update-nodes/decode.ts';
export { describeUpdateNodes, describeUpdateNodesCall } from './update-nodes/describe.ts';
export { encodeUpdateNodes } from './update-nodes/encode.ts';
export {
  type AddPair,
  type NodeOperation,
  nodeOpcodes,
  type UpdateNodesReply,
} from './update-nodes/reply.ts';
export { decodeUpdateProperties } from './update-properties/decode.ts';
export { describeUpdateProperties, describeUpdatePropertiesCall } from './update-properties/describe.ts';
export { encodeUpdateProperties } from './update-properties/encode.ts';
export {
  DESCRIPTORS_OFFSET,
  descriptorSize,
  type PropertyDescriptor,
  type UpdatePropertiesReply,
} from './update-properties/reply.ts';
export { type ByteRange, textAt, WORK_AREA_SIZE, wordAt } from './work-area.ts';
