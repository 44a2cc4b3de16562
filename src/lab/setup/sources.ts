/** A Debian mirror, from the host's apt configuration. */
export interface Mirror {
  /** Address of the archive. */
  readonly uri: string;
  /** Value of `Signed-By` (a path, or a key); absent: apt's trusted keys. */
  readonly signedBy?: string;
}

/** Names of suites of the Debian archive. Other distributions have other names. */
const DEBIAN_SUITES =
  /^(?:stable|oldstable|testing|unstable|sid|bullseye|bookworm|trixie|forky|duke)(?:-updates)?$/;

/**
 * Finds the main Debian archive (not the security archive) in the host's sources files. Options that disable checks (`Trusted`,
 * `[trusted=yes]`) are ignored.
 * @param files name and text of each, `.sources` (deb822) or `.list` (one line per source), see sources.list(5)
 */
export function debianMirror(files: readonly { name: string; text: string }[]): Mirror | undefined {
  for (const { name, text } of files) {
    const entries = name.endsWith('.sources') ? stanzas(text) : lines(text);
    for (const { types, uris, suites, components, signedBy } of entries) {
      const uri = uris[0];
      if (uri === undefined || !types.includes('deb') || !components.includes('main')) continue;
      if (suites.some((suite) => DEBIAN_SUITES.test(suite))) return signedBy ? { uri, signedBy } : { uri };
    }
  }
  return undefined;
}

interface Entry {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
}

function stanzas(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const stanza of text.replace(/^#.*\n?/gm, '').split(/\n[ \t]*\n/)) {
    const fields = new Map<string, string>();
    // A line that starts with a blank continues the previous field.
    for (const [, name, value] of stanza.matchAll(/^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm)) {
      if (name !== undefined && value !== undefined) fields.set(name.toLowerCase(), value.trimEnd());
    }
    if (fields.get('enabled')?.toLowerCase() === 'no') continue;
    entries.push({
      types: words(fields.get('types')),
      uris: words(fields.get('uris')),
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
      signedBy: fields.get('signed-by'),
    });
  }
  return entries;
}

function lines(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*(deb)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    if (!match) continue;
    const [, type = '', options = '', uri = '', suite = '', components] = match;
    entries.push({
      types: [type],
      uris: [uri],
      suites: [suite],
      components: words(components),
      signedBy: /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1],
    });
  }
  return entries;
}

function words(value: string | undefined): string[] {
  return value?.split(/\s+/).filter((word) => word !== '') ?? [];
}
