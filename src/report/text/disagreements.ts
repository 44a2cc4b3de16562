/** A thing that a real kernel and the model do differently. */
interface Disagreement {
  /** What kind of thing. */
  readonly about: string;
  /** Which one: the line, path, device or rule. */
  readonly subject: string;
  readonly real: string;
  readonly model: string;
}

/** What a real kernel and the model do differently, for people; no newline at the end. */
export function disagreementsToText(disagreements: readonly Disagreement[]): string {
  const lines = disagreements.map(
    ({ about, subject, real, model }) => `${about}, ${subject}\n  kernel: ${real}\n  model:  ${model}`,
  );
  return lines.join('\n');
}
