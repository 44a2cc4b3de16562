import { expect, test } from 'vitest';
import { cells, node, type Property, string, tree } from '../../src/devicetree/index.ts';
import { createFirmware } from '../../src/firmware/index.ts';
import { hcalls } from '../../src/papr/index.ts';
import { suspend } from './caller.ts';

const server = (bytes: number, sgElements: number, ...more: Property[]) =>
  tree(
    node(
      '',
      [cells('ibm,phandle', 1)],
      [
        node(
          'ibm,platform-facilities',
          [cells('ibm,phandle', 2)],
          [
            node('ibm,compression-v1', [
              cells('ibm,resource-id', 7),
              cells('ibm,max-sync-cop', 1, bytes, sgElements, 1, bytes, sgElements),
              ...(more.length > 0 ? more : [string('status', 'okay')]),
              cells('ibm,phandle', 3),
            ]),
          ],
        ),
      ],
    ),
  );

/** The status of H_COP_OP for an operation with this length in both directions; negative: length of a scatter/gather list. */
function operate(
  firmware: ReturnType<typeof createFirmware>,
  length: number,
  resourceId = 7n,
): number | undefined {
  const size = BigInt(length);
  return firmware.hcall(hcalls.H_COP, [0n, resourceId, 0n, size, 0n, size])?.status;
}

test('the limits are those of the current server', () => {
  const firmware = createFirmware({ trees: [server(65536, 16), server(32768, 8)] });
  expect([4096, -16 * 16, -16 * 17].map((length) => operate(firmware, length))).toEqual([0, 0, -64]);
  suspend(firmware);
  expect([4096, -16 * 8, -16 * 16].map((length) => operate(firmware, length))).toEqual([0, 0, -64]);
});

test('a facility that is not available, and one that does not exist', () => {
  const firmware = createFirmware({ trees: [server(65536, 16, string('status', 'disabled'))] });
  expect(operate(firmware, 1)).toBe(-46);
  expect(operate(firmware, 1, 8n)).toBe(-4);
});
