/**
 * The one source of choice.
 *
 * Where a run can continue in more than one way, the code asks a `Chooser`: which thread runs next, whether a fault is
 * injected, in which order messages come, how a list is divided into calls. A run is determined by its choices alone.
 * The first way each time is the plain run, a recorded list replays a run, all lists together are the whole space.
 */
export interface Chooser {
  /**
   * Picks one of `count` ways, numbered from 0. Way 0 must always be the plain one.
   * @param count at least 1; with 1 there is nothing to choose, and nothing is recorded
   * @param what  names the choice for people and for coverage: `run`, `fault busy ibm,update-nodes`
   * @returns 0 to `count - 1`
   */
  choose(count: number, what: string): number;
}

/** Always takes the first way: the plain run. */
export const firstChooser: Chooser = { choose: () => 0 };
