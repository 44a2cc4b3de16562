import { type GuestMemory, WORK_AREA_SIZE } from '../../papr/index.ts';

const blank = new Uint8Array(WORK_AREA_SIZE);

/**
 * Fills a work area at address 0 for the first call of a sequence: zero except for the first word.
 * @param subject a phandle, a drc index or 0
 */
export function prepareWorkArea(memory: GuestMemory, subject: number): void {
  memory.write(0, blank);
  memory.write(0, Uint8Array.of(subject >>> 24, subject >>> 16, subject >>> 8, subject));
}
