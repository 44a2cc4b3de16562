let enabled = true;

/**
 * Switches every cache of this process on or off: each `RunCache` and each `StringTable`. Results do not depend on it, only
 * the time that they take; switch it off to rule a cache out as the cause of an error.
 */
export function setCaching(on: boolean): void {
  enabled = on;
}

/** Whether caches may return what they hold. True until `setCaching(false)`. */
export function isCaching(): boolean {
  return enabled;
}
