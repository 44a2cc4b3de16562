/** Statuses that every RTAS function may return (LoPAR 7.2.8). */
export const rtasStatus = {
  success: 0,
  hardwareError: -1,
  busy: -2,
  parameterError: -3,
} as const;

/** Status of `ibm,update-nodes` and `ibm,update-properties`: more follows, call again (LoPAR 7.4.8, 7.4.9). */
export const STATUS_MORE = 1;

/** Statuses of `ibm,configure-connector` (LoPAR 13.5.3.5). */
export const connectorStatus = {
  complete: 0,
  nextSibling: 1,
  nextChild: 2,
  nextProperty: 3,
  previousParent: 4,
  needMemory: 5,
  unusable: -9003,
} as const;

/** The smallest and the largest extended delay: call again after about 10^n milliseconds (LoPAR 7.2.8). */
const MIN_DELAY_STATUS = 9900;
const MAX_DELAY_STATUS = 9905;

/**
 * The status of an extended delay.
 * @param order the exponent n of 10^n milliseconds; above 5 counts as 5
 */
export function extendedDelay(order: number): number {
  return Math.min(MIN_DELAY_STATUS + order, MAX_DELAY_STATUS);
}

/** The delay in milliseconds that a status asks for; undefined if it is no extended delay. */
export function extendedDelayMs(status: number): number | undefined {
  return status >= MIN_DELAY_STATUS && status <= MAX_DELAY_STATUS
    ? 10 ** (status - MIN_DELAY_STATUS)
    : undefined;
}
