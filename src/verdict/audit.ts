import type { Observation } from '../partition/index.ts';
import type { Story } from './story/index.ts';
import type { Verdict } from './verdict.ts';

/** What can be said of a captured machine: what every report of an audit is made of. */
export interface Audit {
  readonly name: string;
  readonly observation: Observation;
  /** Whether there was a capture from before, and a tree as it should be. */
  readonly compared: { readonly before: boolean; readonly wanted: boolean };
  readonly story: Story;
  readonly verdict: Verdict;
}
