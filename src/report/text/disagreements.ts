/** A difference between a real kernel and the model. */
export interface Disagreement {
  /** What is compared, such as `log line`. */
  readonly about: string;
  /** The line, path, device or rule. */
  readonly subject: string;
  readonly real: string;
  readonly model: string;
}

/** Differences between a real kernel and the model, three lines each, without a newline at the end. */
export function disagreementsToText(disagreements: readonly Disagreement[]): string {
  const lines = disagreements.map(
    ({ about, subject, real, model }) => `${about}, ${subject}\n  kernel: ${real}\n  model:  ${model}`,
  );
  return lines.join('\n');
}
