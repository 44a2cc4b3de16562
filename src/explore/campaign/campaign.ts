import type { Ask } from './ask.ts';
import { type Crew, laterStage, named, type Watch } from './crew.ts';
import type { Kind } from './kind.ts';

export interface Campaigned<Outcome> {
  /** In the order of the slices, whoever ran them and when. */
  readonly outcomes: readonly Outcome[];
  /** Whether every slice was run. */
  readonly complete: boolean;
}

export interface CampaignOptions<Slice, Outcome> extends Omit<Watch, 'onOutcome'> {
  onOutcome?(outcome: Outcome): void;
  /** Instead of the slices that the ask begins with: those that came of all their outcomes. */
  readonly later?: readonly Slice[];
}

const byPlace = new Intl.Collator('en', { numeric: true }).compare;

/** Has a crew run all that an ask means, or a later stage of it. */
export async function campaign<A extends Ask, Slice, Outcome>(
  kind: Kind<A, Slice, Outcome>,
  ask: A,
  crew: Crew,
  { onOutcome, later, ...watch }: CampaignOptions<Slice, Outcome>,
): Promise<Campaigned<Outcome>> {
  const slices = later ? named(later, laterStage) : named(kind.first(ask));
  const outcomes = new Map<string, Outcome>();
  const complete = await crew.run(ask, slices, {
    ...watch,
    onOutcome(name, outcome) {
      // What a crew brings is what the kind's `run` gave, on whatever machine.
      outcomes.set(name, outcome as Outcome);
      onOutcome?.(outcome as Outcome);
    },
  });
  const ordered = [...outcomes].sort(([one], [other]) => byPlace(one, other));
  return { outcomes: ordered.map(([, outcome]) => outcome), complete };
}
