import { expect } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { type ParseOptions, parseDts, writeDtb } from '../../../src/devicetree/index.ts';

const { TRANSPLANT_ORACLE = '150' } = process.env;

/** How many generated inputs each test gives to dtc, a process for each of them. */
export const ORACLE_COUNT = Number(TRANSPLANT_ORACLE);

/** The flag of dtc that makes a blob of a source. */
export const FROM_SOURCE = ['-I', 'dts', '-O', 'dtb'];

export function compile(source: string | Uint8Array, options?: ParseOptions): Uint8Array {
  return writeDtb(parseDts(source, options));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** The error that a source gives; a test fails if it gives none, or one of another kind. */
export function refusal(source: string | Uint8Array, options?: ParseOptions): InputError {
  try {
    parseDts(source, options);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  return expect.unreachable(`accepted: ${source}`);
}
