/** One section of a text of supportconfig: the output of a command, or a file. */
export interface Section {
  /** The command with its arguments, or the path of the file: the line after the section's title, without `# `. */
  readonly source: string;
  readonly text: string;
}

/** `#==[ Command ]======================================#`, then `# /bin/dmesg -T` (supportutils, bin/supportconfig.rc). */
const TITLE = /^#==\[ [^\n]* \]=+#\n# ([^\n]*)\n/gm;

/** The sections of a text of supportconfig; empty for other texts. */
export function sectionsOf(text: string): readonly Section[] {
  const titles = Array.from(text.matchAll(TITLE));
  return titles.map(({ index, 0: title, 1: source = '' }, at) => ({
    source: source.replace(/ - Last \d+ Lines$/, '').trim(),
    text: text.slice(index + title.length, titles[at + 1]?.index),
  }));
}
