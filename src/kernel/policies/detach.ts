import { applyAdd, applyDelete } from '../pseries/mobility-nodes.ts';
import type { Policy } from '../pseries/pseries-kernel.ts';

/** mobility.c before commit 319fa1a52e43 (v5.16). */
export const detach: Policy = {
  name: 'detach',
  since: 'before v5.16',
  explanation:
    'applies all messages: detaches every deleted node, attaches only the root of an added subtree',
  deleteNode: applyDelete,
  addNode: applyAdd,
};
