import type { Observation } from '../partition/index.ts';
import type { ServerChange } from './server-change.ts';
import type { Story } from './story/index.ts';
import type { Verdict } from './verdict.ts';

/** What can be said of a captured machine: what every report of an audit is made of. */
export interface Audit {
  readonly name: string;
  readonly observation: Observation;
  /** Whether there was a capture from before, and a tree as it should be. */
  readonly compared: { readonly before: boolean; readonly wanted: boolean };
  /** Whether the capture from before is of another server, where there is one. */
  readonly server?: ServerChange;
  readonly story: Story;
  readonly verdict: Verdict;
}
