/** Console output; if it is long, only its beginning and its end. */
export class ConsoleText {
  readonly #maxLength: number;
  #beginning = '';
  #end = '';
  #isCut = false;

  /** @param maxLength characters of the beginning and of the end, each */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  add(text: string): void {
    const room = this.#maxLength - this.#beginning.length;
    this.#beginning += text.slice(0, room);
    const end = this.#end + text.slice(room);
    this.#isCut ||= end.length > this.#maxLength;
    this.#end = end.slice(-this.#maxLength);
  }

  toString(): string {
    return `${this.#beginning}${this.#isCut ? '\n…\n' : ''}${this.#end}`;
  }
}
