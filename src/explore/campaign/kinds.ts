import type { Ask } from './ask.ts';
import { conformKind } from './conform-kind.ts';
import { exploreKind } from './explore-kind.ts';
import { fuzzKind } from './fuzz-kind.ts';
import type { Aid, Done, Kind } from './kind.ts';

const kinds = { explore: exploreKind, fuzz: fuzzKind, conform: conformKind };

/** The kind of an ask that came as plain data; its slices and outcomes are plain data too. */
export function kindOf({ kind }: Ask): Kind<Ask, unknown, unknown> {
  return kinds[kind] as Kind<Ask, unknown, unknown>;
}

/** Runs a slice of whatever kind its campaign is. */
export async function runSlice(ask: Ask, slice: unknown, aid: Aid): Promise<Done> {
  return kindOf(ask).run(ask, slice, aid);
}
