/**
 * Writes a file that an option asked for, if it did.
 * @param content made only then, as is all that it takes to write it
 */
export async function writeAsked(
  file: string | undefined,
  content: () => string | Promise<string>,
): Promise<void> {
  if (file === undefined) return;
  const { writeWhole } = await import('../field/index.ts');
  await writeWhole(file, await content());
}
