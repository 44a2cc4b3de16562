import { type GuestMemory, WORK_AREA_SIZE } from '../../papr/index.ts';

const blank = new Uint8Array(WORK_AREA_SIZE);

/** Makes a work area ready for the first call of a sequence: all zero, but for the word that says what it is about. */
export function prepareWorkArea(memory: GuestMemory, about: number): void {
  memory.write(0, blank);
  memory.write(0, Uint8Array.of(about >>> 24, about >>> 16, about >>> 8, about));
}
