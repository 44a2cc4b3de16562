import { enterRtas, findRtasFunction, type GuestMemory, type Rtas, wordAt } from '../../papr/index.ts';
import { ANSWERED, CALLED, mailboxAddress } from './rtas-stub.ts';

/** The tokens of the functions that the firmware answers. */
export function trappedTokens({ tokens }: Pick<Rtas, 'tokens'>): number[] {
  return Array.from(tokens).flatMap(([name, token]) =>
    findRtasFunction(name)?.answeredBy === 'machine' ? [] : [token],
  );
}

/** A call that was answered and has yet to return. */
export interface AnsweredCall {
  readonly name: string;
  readonly status: number | undefined;
}

/** Answers the calls that wait in the stub at the RTAS entry (`rtas-stub.ts`); the guest need not stand still. */
export class RtasTrap {
  readonly #rtas: Rtas;
  readonly #names: ReadonlyMap<number, string>;
  /** Physical address. */
  readonly #mailbox: number;

  constructor(rtasEntry: number, rtas: Rtas) {
    this.#rtas = rtas;
    this.#names = new Map(Array.from(rtas.tokens, ([name, token]) => [token, name]));
    this.#mailbox = mailboxAddress(rtasEntry);
  }

  /** @returns `undefined` when no call waits */
  answer(memory: GuestMemory): AnsweredCall | undefined {
    const mail = memory.read(this.#mailbox, 8);
    if (wordAt(mail, 4) !== CALLED) return undefined;
    const { call, rets } = enterRtas(this.#rtas, memory, wordAt(mail, 0));
    return { name: this.#names.get(call.token) ?? '', status: rets[0] };
  }

  /** Lets the call that was answered return. */
  release(memory: GuestMemory): void {
    memory.write(this.#mailbox + 4, Uint8Array.of(0, 0, 0, ANSWERED));
  }
}
