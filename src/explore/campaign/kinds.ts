import type { CampaignKind, SliceContext, SliceResult } from './campaign-kind.ts';
import { conformKind } from './conform-kind.ts';
import { exploreKind } from './explore-kind.ts';
import { fuzzKind } from './fuzz-kind.ts';
import type { CampaignSpec } from './spec.ts';

const kinds = { explore: exploreKind, fuzz: fuzzKind, conform: conformKind };

/** The kind of a spec that was read as plain data; its slices and outcomes are plain data too. */
export function kindOf({ kind }: CampaignSpec): CampaignKind<CampaignSpec, unknown, unknown> {
  return kinds[kind] as CampaignKind<CampaignSpec, unknown, unknown>;
}

/** Runs a slice of a campaign of any kind. */
export async function runSlice(spec: CampaignSpec, slice: unknown, aid: SliceContext): Promise<SliceResult> {
  return kindOf(spec).run(spec, slice, aid);
}
