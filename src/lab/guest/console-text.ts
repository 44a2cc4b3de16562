/** What a console showed; of much, its beginning and its end. */
export class ConsoleText {
  readonly #most: number;
  #beginning = '';
  #end = '';
  #isCut = false;

  /** @param most characters that are kept of each */
  constructor(most: number) {
    this.#most = most;
  }

  add(text: string): void {
    const room = this.#most - this.#beginning.length;
    this.#beginning += text.slice(0, room);
    const end = this.#end + text.slice(room);
    this.#isCut ||= end.length > this.#most;
    this.#end = end.slice(-this.#most);
  }

  toString(): string {
    return `${this.#beginning}${this.#isCut ? '\n…\n' : ''}${this.#end}`;
  }
}
