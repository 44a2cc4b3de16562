import type { WorkAreaFunctionName } from '../../papr/index.ts';
import type { Messages, UpdateMessage } from '../plan.ts';
import { serveConfigureConnector } from './configure-connector.ts';
import type { ServeContext, WorkAreaServer } from './context.ts';
import { serveUpdateNodes } from './update-nodes.ts';
import { serveUpdateProperties } from './update-properties.ts';

/** What to answer about a phandle, in the plan or not; undefined for one that no node has. */
export type FindUpdate = (phandle: number) => UpdateMessage | undefined;

/** What one migration's replies are made from. */
export interface ServeData {
  readonly messages: Messages;
  readonly find: FindUpdate;
}

type CreateServer = (data: ServeData, context: ServeContext) => WorkAreaServer;

/** How the firmware, and the reconciler in front of it, answer each function that has a work area. */
export const servers: Readonly<Record<WorkAreaFunctionName, CreateServer>> = {
  'ibm,update-nodes': ({ messages }, context) => serveUpdateNodes(messages, context),
  'ibm,update-properties': ({ find }, context) => serveUpdateProperties(find, context),
  'ibm,configure-connector': ({ messages }, context) => serveConfigureConnector(messages.adds, context),
};
