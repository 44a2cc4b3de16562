import { test } from 'vitest';

const { TRANSPLANT_CAPTURES } = process.env;

/** The folder of real captures, named by TRANSPLANT_CAPTURES; undefined where there is none. */
export const CAPTURES = TRANSPLANT_CAPTURES || undefined;

/** A test on real captures, which are not part of this project; skipped by name where they are not at hand. */
export function testWithCaptures(name: string, body: (folder: string) => void | Promise<void>): void {
  const folder = CAPTURES;
  if (folder === undefined) test.skip(`${name} (skipped: TRANSPLANT_CAPTURES is not set)`, () => {});
  else test(name, () => body(folder));
}
