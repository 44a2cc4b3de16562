/** Characters with a meaning in a regular expression. */
const SPECIAL = /[$()*+.?[\\\]^{|}]/g;

/** What a conversion of a format prints, as a pattern that captures it. */
const conversions: Readonly<Record<string, string>> = { s: '(.*)', d: '(-?\\d+)', x: '([0-9a-f]+)' };

/**
 * A log line as printk() has it: text with `%s` (anything), `%d` (a decimal number), `%x` (a hexadecimal one) and `%%`. At
 * most three values are printed.
 */
export class LineFormat {
  readonly format: string;
  /** The text around the values. */
  readonly #texts: readonly string[];
  readonly #kinds: readonly string[];

  constructor(format: string) {
    this.format = format;
    const parts = format.split(/%([sdx])/);
    this.#texts = parts.filter((_, index) => index % 2 === 0).map((text) => text.replaceAll('%%', '%'));
    this.#kinds = parts.filter((_, index) => index % 2 === 1);
  }

  /** The line with these values; those that the format does not print are dropped. */
  text(first?: string | number, second?: string | number, third?: string | number): string {
    const [start = '', behindFirst, behindSecond, behindThird] = this.#texts;
    if (behindFirst === undefined) return start;
    let line = start + this.#print(0, first) + behindFirst;
    if (behindSecond === undefined) return line;
    line += this.#print(1, second) + behindSecond;
    return behindThird === undefined ? line : line + this.#print(2, third) + behindThird;
  }

  #print(index: number, value: string | number | undefined): string | number {
    return typeof value === 'number' && this.#kinds[index] === 'x' ? value.toString(16) : (value ?? '');
  }

  /**
   * Source of a pattern for the whole line, without anchors.
   * @param values patterns for the first values, instead of those of their conversions
   */
  pattern(values: readonly string[]): string {
    return this.#texts
      .map((text, index) => {
        const value = values[index] ?? conversions[this.#kinds[index] ?? ''];
        return text.replace(SPECIAL, '\\$&') + (index < this.#kinds.length ? value : '');
      })
      .join('');
  }
}

/** A pattern with alternatives, whose captures are counted inside the alternative that matches. */
export class Alternatives extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    const match = super.exec(text);
    if (!match) return null;
    const captured = match.slice(1).filter((capture) => capture !== undefined);
    return Object.assign(match, { length: 1 }, [match[0], ...captured]);
  }
}
