import { enterRtas, findRtasFunction, type GuestMemory, type Rtas, wordAt } from '../../papr/index.ts';
import { ANSWERED, CALLED, mailboxAddress } from './rtas-stub.ts';

/** Tokens of the functions that the firmware answers. */
export function trappedTokens({ tokens }: Pick<Rtas, 'tokens'>): number[] {
  return Array.from(tokens).flatMap(([name, token]) =>
    findRtasFunction(name)?.answeredBy === 'machine' ? [] : [token],
  );
}

/** A call that was answered but has not returned to the kernel yet. */
export interface AnsweredCall {
  /** Name of the RTAS function. */
  readonly name: string;
  /** First return value; `undefined` when the call has none. */
  readonly status: number | undefined;
}

/** Answers the calls that wait in the RTAS stub (`rtas-stub.ts`). The guest may run. */
export class RtasTrap {
  readonly #rtas: Rtas;
  readonly #names: ReadonlyMap<number, string>;
  /** Physical address of the stub's mailbox. */
  readonly #mailbox: number;

  constructor(rtasEntry: number, rtas: Rtas) {
    this.#rtas = rtas;
    this.#names = new Map(Array.from(rtas.tokens, ([name, token]) => [token, name]));
    this.#mailbox = mailboxAddress(rtasEntry);
  }

  /** Answers the waiting call; `release` lets it return. @returns `undefined` when no call waits */
  answer(memory: GuestMemory): AnsweredCall | undefined {
    const mailbox = memory.read(this.#mailbox, 8);
    if (wordAt(mailbox, 4) !== CALLED) return undefined;
    const { call, rets } = enterRtas(this.#rtas, memory, wordAt(mailbox, 0));
    return { name: this.#names.get(call.token) ?? '', status: rets[0] };
  }

  /** Lets the answered call return to the kernel. */
  release(memory: GuestMemory): void {
    memory.write(this.#mailbox + 4, Uint8Array.of(0, 0, 0, ANSWERED));
  }
}
