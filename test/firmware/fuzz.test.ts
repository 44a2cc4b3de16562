import { expect, test } from 'vitest';
import { createFirmware, planStyles } from '../../src/firmware/index.ts';
import { encodeConnectorCall, statusName } from '../../src/papr/index.ts';
import { bytesOf } from '../papr/bytes.ts';
import { FUZZ_COUNT, mutants } from '../support/mutate.ts';
import { SEED } from '../support/trees.ts';
import { AREA, createCaller } from './caller.ts';
import { facilitiesTree } from './example.ts';

const functions = ['ibm,update-nodes', 'ibm,update-properties', 'ibm,configure-connector'];

const fronts = [
  new Uint8Array(16),
  bytesOf('00000001 00000000 00000000 00000000'),
  bytesOf('fffffff5 00000000 00000000 00000000'),
  bytesOf('fffffff5 00000001 00000000 00000000'),
  encodeConnectorCall(0x20000001),
  bytesOf('20000001 00000005'),
];

test.each(planStyles)(
  `%s: ${FUZZ_COUNT} callers that present nonsense get a status that the function has`,
  (style) => {
    const firmware = createFirmware({
      trees: [facilitiesTree(1), facilitiesTree(2)],
      style,
      limits: { nodes: 2, properties: 1 },
    });
    const { call, fill } = createCaller(firmware);
    call('ibm,suspend-me');
    const seen = new Set<string>();
    for (const { bytes, history } of mutants(fronts, FUZZ_COUNT, SEED)) {
      for (const name of functions) {
        fill(bytes.subarray(0, 4096));
        const status = call(name, AREA, name === 'ibm,configure-connector' ? 0 : 1);
        if (statusName(name, status) === undefined) throw new Error(`${history}: ${name} said ${status}`);
        seen.add(`${name} ${status}`);
      }
    }
    expect(seen).toContain('ibm,update-nodes -3');
    expect(seen).toContain('ibm,update-properties 0');
  },
);
