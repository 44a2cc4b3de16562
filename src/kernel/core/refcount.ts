/**
 * refcount_t (lib/refcount.c, include/linux/refcount.h; the same from v5.10 to v7.2).
 *
 * A count that overflows or underflows is set far below zero and stays there: the object is leaked instead of freed while in
 * use. Each of the five messages is printed once per boot (WARN_ONCE) for all counts together, so a kernel without a message
 * may still have wrong counts.
 */

/** INT_MIN / 2, the value of a saturated count. */
export const SATURATED = -0x40000000;

const INT_MAX = 0x7fffffff;

/** A warning in lib/refcount.c. */
export interface RefcountSite {
  readonly line: number;
  readonly message: string;
}

export const refcountSites = {
  addNotZeroOverflow: { line: 19, message: 'refcount_t: saturated; leaking memory.' },
  addOverflow: { line: 22, message: 'refcount_t: saturated; leaking memory.' },
  addUseAfterFree: { line: 25, message: 'refcount_t: addition on 0; use-after-free.' },
  subUseAfterFree: { line: 28, message: 'refcount_t: underflow; use-after-free.' },
  decLeak: { line: 31, message: 'refcount_t: decrement hit 0; leaking memory.' },
} as const satisfies Record<string, RefcountSite>;

export interface Counted {
  count: number;
}

/** refcount_inc(). @returns the warning, if there is one */
export function refcountInc(counted: Counted): RefcountSite | undefined {
  const old = counted.count;
  if (old > 0 && old < INT_MAX) {
    counted.count = old + 1;
    return undefined;
  }
  counted.count = SATURATED;
  return old === 0 ? refcountSites.addUseAfterFree : refcountSites.addOverflow;
}

/** refcount_inc_not_zero(). @returns whether it was incremented, or the warning */
export function refcountIncNotZero(counted: Counted): boolean | RefcountSite {
  const old = counted.count;
  if (old === 0) return false;
  if (old > 0 && old < INT_MAX) {
    counted.count = old + 1;
    return true;
  }
  counted.count = SATURATED;
  return refcountSites.addNotZeroOverflow;
}

/** refcount_dec_and_test(). @returns whether the count reached zero, or the warning */
export function refcountDecAndTest(counted: Counted): boolean | RefcountSite {
  const old = counted.count;
  if (old > 1) {
    counted.count = old - 1;
    return false;
  }
  if (old === 1) {
    counted.count = 0;
    return true;
  }
  counted.count = SATURATED;
  return refcountSites.subUseAfterFree;
}

/** refcount_dec(), for counts that must not reach zero. @returns the warning, if there is one */
export function refcountDec(counted: Counted): RefcountSite | undefined {
  const old = counted.count;
  if (old > 1) {
    counted.count = old - 1;
    return undefined;
  }
  counted.count = SATURATED;
  return refcountSites.decLeak;
}
