/**
 * Writes the file that an option names, if the option is given.
 * @param content called only if the option is given; the modules it needs are loaded only then
 */
export async function writeOptionalFile(
  file: string | undefined,
  content: () => string | Promise<string>,
): Promise<void> {
  if (file === undefined) return;
  const { writeOutput } = await import('../base/write-output.ts');
  await writeOutput(file, await content());
}
