import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import {
  type ByteRange,
  decodeArgumentBlock,
  decodeConnector,
  decodeUpdateNodes,
  decodeUpdateProperties,
  describeConnector,
  describeConnectorCall,
  describeUpdateNodes,
  describeUpdateNodesCall,
  describeUpdateProperties,
  describeUpdatePropertiesCall,
  encodeArgumentBlock,
  encodeConnector,
  encodeUpdateNodes,
  encodeUpdateProperties,
} from '../../src/papr/index.ts';
import { FUZZ_COUNT, mutants } from '../support/mutate.ts';
import { SEED } from '../support/trees.ts';
import { connectorItems, nodesReplies, propertiesReplies } from './arbitraries.ts';
import { page } from './bytes.ts';

// Whole pages, as callers pass them, and their filled first parts, so that every read is near an end.
const originals = [
  ...fc.sample(nodesReplies, { seed: SEED, numRuns: 20 }).map(encodeUpdateNodes),
  ...fc.sample(propertiesReplies, { seed: SEED, numRuns: 20 }).map(encodeUpdateProperties),
  ...fc
    .sample(connectorItems, { seed: SEED, numRuns: 20 })
    .map((item) => encodeConnector({ drcIndex: 0x20000001, progress: 3, item })),
  encodeArgumentBlock({ token: 0x3001, args: [0x26d0000, 1], nret: 1 }),
].flatMap((bytes) => [bytes, page(bytes), page(bytes, 0xff)]);

const statuses = [0, 1, 2, 3, 4, 5] as const;

const decoders: readonly ((bytes: Uint8Array) => unknown)[] = [
  decodeArgumentBlock,
  decodeUpdateNodes,
  decodeUpdateProperties,
  ...statuses.map((status) => (bytes: Uint8Array) => decodeConnector(status, bytes)),
];

const describers: readonly ((bytes: Uint8Array) => ByteRange[])[] = [
  describeUpdateNodes,
  describeUpdateNodesCall,
  describeUpdateProperties,
  describeUpdatePropertiesCall,
  describeConnectorCall,
  ...statuses.map((status) => (bytes: Uint8Array) => describeConnector(status, bytes)),
];

/** A count from the environment may take long. */
const limit = { timeout: 60_000 + 10 * FUZZ_COUNT };

test(`${FUZZ_COUNT} mutated work areas: each is decoded or rejected with an offset inside it`, limit, () => {
  let read = 0;
  let rejected = 0;
  for (const { bytes, history } of mutants(originals, FUZZ_COUNT, SEED)) {
    for (const decode of decoders) {
      try {
        decode(bytes);
        read += 1;
      } catch (error) {
        if (!(error instanceof InputError)) throw new Error(history, { cause: error });
        expect(error.where.offset, history).toBeLessThanOrEqual(bytes.length);
        rejected += 1;
      }
    }
  }
  expect(read).toBeGreaterThan(FUZZ_COUNT / 10);
  expect(rejected).toBeGreaterThan(FUZZ_COUNT / 10);
});

test(
  `${FUZZ_COUNT} mutated work areas: the ranges of each description cover all of it, in order`,
  limit,
  () => {
    for (const { bytes, history } of mutants(originals, FUZZ_COUNT, SEED + 1)) {
      for (const describe of describers) {
        let at = 0;
        for (const range of describe(bytes)) {
          if (range.offset !== at) throw new Error(`${history}: gap at ${at}`);
          at += range.length;
        }
        expect(at, history).toBe(bytes.length);
      }
    }
  },
);
