import { z } from 'zod';

/** `Outcome` of `src/verdict/`. */
export const outcome = z.enum(['safe', 'stale', 'damaged']);

/** `Severity` of `src/verdict/`. */
export const severity = z.enum(['damage', 'stale', 'warning']);
