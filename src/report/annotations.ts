import type { Verdict } from '../verdict/index.ts';

/**
 * Findings as workflow commands of GitHub Actions, one line each: an error for a finding that counts, a warning for
 * another. Empty outside GitHub Actions.
 * Source: GitHub's documentation, "Workflow commands for GitHub Actions".
 */
export function annotations(
  name: string,
  { findings, allowed }: Verdict,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (environment['GITHUB_ACTIONS'] !== 'true') return [];
  return findings.map(({ rule, severity, subject, message }) => {
    const kind = severity === 'warning' || allowed.includes(rule) ? 'warning' : 'error';
    return `::${kind} title=${property(`${name}: ${rule}`)}::${data(`${subject}: ${message}`)}`;
  });
}

/** Percent-encodes characters that would end the command or start another. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
