/**
 * Writes the file that an option names, if the option was given.
 * @param content called only in that case; the modules that write are loaded only in that case too
 */
export async function writeOptionalFile(
  file: string | undefined,
  content: () => string | Promise<string>,
): Promise<void> {
  if (file === undefined) return;
  const { writeOutput } = await import('../base/write-output.ts');
  await writeOutput(file, await content());
}
