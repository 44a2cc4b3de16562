import { z } from 'zod';

/** `Outcome` of `src/verdict/`. */
export const outcome = z.enum(['safe', 'stale', 'damaged', 'inconclusive']);

/** `Severity` of `src/verdict/`. */
export const severity = z.enum(['damage', 'stale', 'warning']);

/** `MissingEvidence` of `src/verdict/`. */
export const missingEvidence = z.object({ what: z.string(), remedy: z.string() });

/** What both a run and an audit store of a finding. */
export const finding = z.object({
  rule: z.string(),
  severity,
  subject: z.string(),
  message: z.string(),
  evidence: z.array(z.string()),
  logAt: z.number().exactOptional(),
});
