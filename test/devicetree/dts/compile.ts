import { expect } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { type ParseOptions, parseDts, writeDtb } from '../../../src/devicetree/index.ts';

const { TRANSPLANT_ORACLE = '150' } = process.env;

/** Generated inputs of each test with dtc; each needs a process. */
export const ORACLE_COUNT = Number(TRANSPLANT_ORACLE);

/** The flag of dtc that makes a blob of a source. */
export const FROM_SOURCE = ['-I', 'dts', '-O', 'dtb'];

export function compile(source: string | Uint8Array, options?: ParseOptions): Uint8Array {
  return writeDtb(parseDts(source, options));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The InputError of a source; the test fails without one. */
export function refusal(source: string | Uint8Array, options?: ParseOptions): InputError {
  try {
    parseDts(source, options);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  return expect.unreachable(`accepted: ${source}`);
}
