import fc from 'fast-check';

// Few names, so that definitions meet.
const NODES = ['a', 'b@1', 'cpus', 'c,d'];
const PROPERTIES = ['x', 'y', 'reg', '#z', 'phandle'];
const LABELS = ['l0', 'l1', 'l2', 'l3'];
const PATHS = ['/', '/a', '/b@1', '/cpus', '/a/a', '/cpus/b@1', '/c,d/a/'];

/** So that references mostly lead somewhere. */
const GROUND = '/ { l0: a { a { }; }; b@1 { }; l1: cpus { l2: b@1 { }; }; c,d { l3: a { }; }; };';

type Pick = <T>(arbitrary: fc.Arbitrary<T>) => T;

/** Writes a source at random; labels are given once each, as far as that is up to one body. */
class Writer {
  readonly #pick: Pick;
  readonly #free: string[] = [];

  constructor(pick: Pick) {
    this.#pick = pick;
  }

  source(): string {
    const lines = ['/dts-v1/;'];
    if (this.#chance(4))
      lines.push(`${this.#chance(2) ? 'r: ' : ''}/memreserve/ ${this.#integer()} ${this.#integer()};`);
    if (this.#chance(4)) {
      this.#free.push(...LABELS);
      lines.push(`/ ${this.#body(0)};`);
    } else {
      this.#free.push('m0', 'm1');
      lines.push(GROUND);
    }
    for (let more = this.#below(5); more > 0; more -= 1) lines.push(this.#definition());
    return `${lines.join('\n')}\n`;
  }

  #definition(): string {
    const kind = this.#below(10);
    if (kind < 5) return `/ ${this.#body(0)};`;
    const reference = this.#reference();
    // dtc treats a deleted root differently.
    const below = reference === '&{/}' ? '&{/a}' : reference;
    if (kind === 5) return `/delete-node/ ${below};`;
    if (kind === 6) return `/omit-if-no-ref/ ${below};`;
    return `${this.#label(6)}${reference} ${this.#body(1)};`;
  }

  #body(depth: number): string {
    const parts: string[] = [];
    for (const name of this.#some(PROPERTIES)) {
      if (this.#chance(8)) parts.push(`/delete-property/ ${name};`);
      else parts.push(`${this.#label(10)}${name}${this.#chance(6) ? '' : ` = ${this.#value(name)}`};`);
    }
    if (depth < 3) {
      for (const name of this.#some(NODES)) {
        if (this.#chance(20)) parts.push(`/delete-node/ ${name};`);
        const omit = this.#chance(8) ? '/omit-if-no-ref/ ' : '';
        parts.push(`${this.#label(3)}${omit}${name} ${this.#body(depth + 1)};`);
      }
    }
    return `{ ${parts.join(' ')} }`;
  }

  #value(name: string): string {
    if (name === 'phandle') return this.#chance(9) ? `<${this.#reference()}>` : `<${1 + this.#below(99)}>`;
    const parts: string[] = [];
    for (let more = 1 + this.#below(3); more > 0; more -= 1) parts.push(this.#part());
    return parts.join(', ');
  }

  #part(): string {
    switch (this.#below(7)) {
      case 0:
        return `"${this.#pick(fc.constantFrom('', 'a', 'b c', '\\x41\\0z', '\\377', 'd\\n'))}"`;
      case 1:
        return `[${this.#pick(fc.constantFrom('', '00', '0a b1', 'ffFF 01'))}]`;
      case 2:
        return this.#reference();
      case 3:
        return `/bits/ ${this.#pick(fc.constantFrom(8, 16, 64))} <${this.#below(256)} (-${this.#below(128)})>`;
      default: {
        const cells = Array.from({ length: this.#below(4) }, () =>
          this.#chance(3) ? this.#reference() : this.#integer(),
        );
        return `<${cells.join(' ')}>`;
      }
    }
  }

  #integer(): string {
    if (this.#chance(2))
      return this.#pick(fc.constantFrom('0', '1', '0x10', '017', '5UL', "'a'", '0xffffffff'));
    return `((${this.#expression(3)}) & 0xffffffff)`;
  }

  #expression(depth: number): string {
    if (depth === 0 || this.#chance(4)) return `${this.#below(70)}`;
    const [left, right] = [this.#expression(depth - 1), this.#expression(depth - 1)];
    const operators = [
      '+',
      '-',
      '*',
      '/',
      '%',
      '<<',
      '>>',
      '<',
      '>',
      '<=',
      '>=',
      '==',
      '!=',
      '&',
      '|',
      '^',
      '&&',
      '||',
    ];
    const operator = this.#pick(fc.constantFrom(...operators, '?', '~'));
    if (operator === '?') return `${left} ? ${right} : ${this.#below(9)}`;
    if (operator === '~') return `${this.#pick(fc.constantFrom('~', '!', '-'))}(${left})`;
    if (/[/%]/.test(operator) && !this.#chance(20)) return `${left} ${operator} (1 | ${right})`;
    return this.#chance(3) ? `(${left}) ${operator} (${right})` : `${left} ${operator} ${right}`;
  }

  #reference(): string {
    return this.#chance(2)
      ? `&${this.#pick(fc.constantFrom(...LABELS))}`
      : `&{${this.#pick(fc.constantFrom(...PATHS))}}`;
  }

  #label(odds: number): string {
    const label = this.#chance(odds) ? this.#free.pop() : undefined;
    return label === undefined ? '' : `${label}: `;
  }

  #some(names: readonly string[]): string[] {
    return names.filter(() => this.#chance(3));
  }

  #chance(of: number): boolean {
    return this.#below(of) === 0;
  }

  #below(bound: number): number {
    return this.#pick(fc.nat({ max: bound - 1 }));
  }
}

/** Sources with everything that may happen between definitions; many are right, some refer to what is not there. */
export const sources: fc.Arbitrary<string> = fc.gen().map((pick) => {
  const draw: Pick = (arbitrary) => pick(() => arbitrary);
  return new Writer(draw).source();
});
