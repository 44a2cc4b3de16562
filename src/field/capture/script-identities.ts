import { genericNames } from './layout.ts';

/**
 * identities.ts in awk, for the capture script. Lines of its output are `s TEXT` for what is hidden everywhere, and `n NAME` for
 * names, which are hidden everywhere only where they are long enough.
 */
export const SCAN_AWK = String.raw`
{
  s = $0
  while (match(s, /U[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]*\.[0-9A-Z][0-9A-Z][0-9A-Z]\.[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]*/)) {
    found = substr(s, RSTART, RLENGTH)
    s = substr(s, RSTART + RLENGTH)
    sub(/^[^.]*\.[^.]*\./, "", found)
    print "s " found
  }
  s = $0
  while (match(s, /[Hh]ost partition:* [^,(]+/)) {
    found = substr(s, RSTART, RLENGTH)
    s = substr(s, RSTART + RLENGTH)
    sub(/^.ost partition:* /, "", found)
    sub(/ +$/, "", found)
    print "n " found
  }
  if (match($0, syslog)) {
    split(substr($0, 1, RLENGTH), field, " ")
    for (n = 1; field[n] != "kernel:"; n++) found = field[n]
    print "n " found
  }
}
`;

/** The beginning of a line of syslog or of a journal, up to the text of the kernel. */
export const SYSLOG_AWK = `
BEGIN { syslog = "^([A-Z][a-z][a-z] [ 0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]|[0-9][0-9][0-9][0-9]-[^ ]+T[^ ]+) [^ ]+ kernel: " }
`;

/** Of lines `s TEXT` and `n NAME`, what is hidden everywhere (`short` empty) or only where it is the whole text. */
export const CHOOSE_AWK = `
BEGIN { split("${genericNames.join(' ')}", list, " "); for (n in list) generic[list[n]] = 1 }
function plain(s) { return s != "" && s !~ /[^ -.0-~]/ && s !~ /^ / && s !~ / $/ }
function repeated(s,   n) {
  for (n = 2; n <= length(s); n++) if (substr(s, n, 1) != substr(s, 1, 1)) return 0
  return 1
}
{
  text = substr($0, 3)
  if ($0 ~ /^s IBM,[0-9][0-9][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]*$/) text = substr(text, 7)
  if (!plain(text)) next
  if (short) { if (length(text) < 5 && substr($0, 1, 1) == "n") print tolower(text) }
  else if (length(text) >= 5 && !repeated(text) && !(tolower(text) in generic)) print tolower(text)
}
`;
