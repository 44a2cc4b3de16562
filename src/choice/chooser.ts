/**
 * The one source of choice.
 *
 * Wherever a run may go more than one way (which thread goes on, which fault strikes, in what order messages come, how
 * a list is cut into calls) the code asks a `Chooser`. A run is then determined by its choices alone: the first of each
 * is the plain run, a recorded list replays one, every list is the whole space.
 */
export interface Chooser {
  /**
   * Picks one of `count` ways, numbered from 0; way 0 must always be the plain one.
   * @param count at least 1; with 1 there is nothing to choose, and nothing is recorded
   * @param what  names the choice for people and for coverage: `run`, `fault ibm,update-nodes`, `cut`
   */
  choose(count: number, what: string): number;
}

/** The plain run: always the first way. */
export const firstChooser: Chooser = { choose: () => 0 };
