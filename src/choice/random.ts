import type { Chooser } from './chooser.ts';

/**
 * Chooses at random, all ways with equal probability. A seed gives the same choices on every machine and in every version
 * of Transplant, because findings name seeds.
 *
 * The generator is sfc32 (Chris Doty-Humphrey's Small Fast Chaotic, 128 bits of state, passes PractRand). It starts from
 * the two halves of the seed and a counter of 1; its first twelve numbers are discarded. A number x below 2^32 becomes the
 * choice ⌊x · count / 2^32⌋.
 *
 * @param seed an integer from 0 to 2^53 - 1
 */
export function randomChooser(seed: number): Chooser {
  let a = 0;
  let b = seed >>> 0;
  let c = Math.floor(seed / 0x1_0000_0000) >>> 0;
  let counter = 1;

  function next(): number {
    const result = (a + b + counter) >>> 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result;
  }

  for (let discarded = 0; discarded < 12; discarded++) next();
  return {
    choose: (count) => (count <= 1 ? 0 : Math.floor((next() / 0x1_0000_0000) * count)),
  };
}
