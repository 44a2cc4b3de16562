import type { CampaignKind } from './campaign-kind.ts';
import { type Executor, type ExecutorOptions, nameSlices, SHRINK_STAGE } from './executor.ts';
import type { CampaignSpec } from './spec.ts';

/** What the slices of a campaign found. */
export interface CampaignResult<Outcome> {
  /** In the order of the slices. */
  readonly outcomes: readonly Outcome[];
  /** Whether every slice ran. */
  readonly complete: boolean;
}

/** How a campaign reports, and when it stops. */
export interface CampaignOptions<Slice, Outcome> extends Omit<ExecutorOptions, 'onOutcome'> {
  /** Called for each slice when it ends. */
  onOutcome?(outcome: Outcome): void;
  /** Slices of a later stage, made from the outcomes of all earlier ones; absent: the initial slices of the spec. */
  readonly slices?: readonly Slice[];
}

const byPlace = new Intl.Collator('en', { numeric: true }).compare;

/** Runs all slices of a campaign on an executor, or the slices of a later stage. */
export async function campaign<A extends CampaignSpec, Slice, Outcome>(
  kind: CampaignKind<A, Slice, Outcome>,
  spec: A,
  executor: Executor,
  { onOutcome, slices, ...options }: CampaignOptions<Slice, Outcome>,
): Promise<CampaignResult<Outcome>> {
  const namedSlices = slices ? nameSlices(slices, SHRINK_STAGE) : nameSlices(kind.initialSlices(spec));
  const outcomes = new Map<string, Outcome>();
  const complete = await executor.run(spec, namedSlices, {
    ...options,
    onOutcome(name, outcome) {
      // An executor passes on what the kind's `run` returned on any machine.
      outcomes.set(name, outcome as Outcome);
      onOutcome?.(outcome as Outcome);
    },
  });
  const ordered = [...outcomes].sort(([one], [other]) => byPlace(one, other));
  return { outcomes: ordered.map(([, outcome]) => outcome), complete };
}
