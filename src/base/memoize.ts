/**
 * Returns a function that makes a value for each object once, and keeps it as long as the object exists.
 * Plans are served in thousands of runs, and what is derived from a plan is the same in each.
 *
 * ```ts
 * const updatesOf = memoize((plan: Plan) => new Map(plan.updates.map((message) => [message.phandle, message])));
 * ```
 *
 * @param make must depend on the object alone
 */
export function memoize<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    let found = made.get(key);
    if (found === undefined) {
      found = { value: make(key) };
      made.set(key, found);
    }
    return found.value;
  };
}
