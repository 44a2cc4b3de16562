import type { CoreKernel } from '../core/core-kernel.ts';
import { ENOENT } from '../core/errno.ts';
import type { Flow } from '../core/flow.ts';
import { warn } from '../core/warn.ts';
import { shared } from '../core/watch.ts';

/** An algorithm of a driver (struct crypto_alg). */
export interface Algorithm {
  /** cra_driver_name: `842-nx`, `ecb-aes-nx`. */
  readonly name: string;
  /** Handles in use. */
  users: number;
  /** Carries out a request of `length` bytes. @returns 0 or a negative errno */
  run(length: number): Flow<number>;
}

/** The part of the kernel's crypto API that connects drivers and clients. */
export class CryptoApi {
  readonly #algorithms = new Map<string, Algorithm>();

  register(k: CoreKernel, algorithm: Algorithm): void {
    k.watcher?.write(shared.drivers);
    this.#algorithms.set(algorithm.name, algorithm);
  }

  /** crypto_unregister_alg(): open handles cause a warning and keep working as far as the driver allows. */
  unregister(k: CoreKernel, algorithm: Algorithm, frames: readonly string[]): void {
    k.watcher?.write(shared.drivers);
    k.watcher?.read(usersOf(algorithm));
    this.#algorithms.delete(algorithm.name);
    if (algorithm.users === 0) return;
    const place = `crypto/algapi.c:${k.release.sourceLines.algorithmInUse}`;
    warn(k, { place, frames: ['crypto_unregister_alg', ...frames] });
  }

  /**
   * A client's request: opens a handle, works, closes it. Other threads can run in between.
   * @returns the length, or a negative errno: ENOENT without such an algorithm
   */
  *request(k: CoreKernel, name: string, length: number): Flow<number> {
    k.watcher?.read(shared.drivers);
    const algorithm = this.#algorithms.get(name);
    if (!algorithm) return -ENOENT;
    k.watcher?.write(usersOf(algorithm));
    algorithm.users++;
    if (k.scheduler.contended) yield `request to ${name}`;
    const error = yield* algorithm.run(length);
    if (k.scheduler.contended) yield `request to ${name}`;
    k.watcher?.write(usersOf(algorithm));
    algorithm.users--;
    return error === 0 ? length : error;
  }
}

function usersOf({ name }: Algorithm): string {
  return `users of ${name}`;
}
