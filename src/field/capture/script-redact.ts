import { MIN_LENGTH } from './identities.ts';
import { MAX_LINE_BYTES } from './last-bytes.ts';
import * as layout from './layout.ts';
import { CHOOSE_AWK, SCAN_AWK, SYSLOG_AWK } from './script-identities.ts';
import { named } from './script-parts.ts';
import { WORDS_AWK } from './script-words.ts';

/** `redact` in awk: finds words (`found` names a file for them), or replaces them by the pseudonyms in the file `map`. */
const HIDE_AWK = String.raw`
BEGIN {
  if (map != "") while ((getline line <map) > 0) {
    split(line, pair, "\t")
    pseudonym[pair[1]] = pair[2]
  }
}
function id(text) {
  text = tolower(text)
  if (found == "") return pseudonym[text]
  print text >found
  return text
}
function is_short(name) { return length(name) < ${MIN_LENGTH} && name !~ /[^!-~]/ }
{
  s = $0
  if (match(s, syslog)) {
    head = substr(s, 1, RLENGTH)
    split(head, field, " ")
    for (n = 1; field[n] != "kernel:"; n++) host = field[n]
    if (is_short(host)) s = substr(head, 1, length(head) - length(host) - 9) id(host) " kernel: " substr(s, length(head) + 1)
  }
  if (match(s, /[Hh]ost partition:* [^,( ]+/)) {
    start = RSTART
    head = substr(s, start, RLENGTH)
    name = head
    sub(/^.* /, "", name)
    if (is_short(name)) s = substr(s, 1, start + length(head) - length(name) - 1) id(name) substr(s, start + length(head))
  }
  s = hide_words(s)
  if (found == "") print s
}
`;

/** Turns lines `TEXT<tab>PSEUDONYM` into sed commands that ignore the case of letters. */
const SED_AWK = String.raw`
{
  split($0, pair, "\t")
  pattern = ""
  for (n = 1; n <= length(pair[1]); n++) {
    c = substr(pair[1], n, 1)
    if (c ~ /[a-z]/) c = "[" c toupper(c) "]"
    else if (c ~ /[^0-9 ,:;_@%-]/) c = "\\" c
    pattern = pattern c
  }
  print "s/" pattern "/" pair[2] "/g"
}
`;

/** The part of the capture script that hides identities in what was staged in `$top`: the same as `redact` does. */
export function redactPart(): string {
  const own = named(layout.partitionNames);
  return String.raw`# --- redaction: replaces every identity with hex digits of its hash, of the same length; the salt is new or from a file

# strings CONDITION...: the strings of the values of properties, one a line
strings() { find . -type f "$@" -exec sh -c 'sed "" "$@"; echo' sh {} + | tr '\000' '\n'; }
texts() { find . -type f ! -path './${layout.TREE_PATH}/*' "$@"; }
# sorted: the longest first, each once
sorted() { LC_ALL=C sort -u | awk '{ print length($0) "\t" $0 }' | sort -t "$tab" -k 1,1nr -k 2 | cut -f 2-; }
# hashed LIST: each line with its pseudonym
hashed() {
  rm -rf "$work/hash"
  mkdir "$work/hash"
  [ -s "$1" ] || return 0
  awk -v folder="$work/hash" -v salt="$salt" '{ file = sprintf("%s/%08d", folder, NR); printf "%s%s", salt, $0 >file; close(file) }' "$1"
  (cd "$work/hash" && find . -type f | sort | xargs sha256sum) | cut -c 1-64 | tr a-f A-F |
    awk -v list="$1" '{ getline text <list; hash = $0; while (length(hash) < length(text)) hash = hash $0; print text "\t" substr(hash, 1, length(text)) }'
}
# commands LIST: a script for sed that hides each line of a list
commands() { hashed "$1" | awk "$sed_awk"; }
# hide_all: hides identities and words in lines
hide_all() { sed -f "$work/everywhere.sed" | awk -v map="$work/words.map" -v found= -f "$work/hide.awk"; }
if [ -n "$redact" ]; then
  tab=$(printf '\t')
  [ -n "$salt" ] || salt=$(head -c 16 /dev/urandom | sha256sum | cut -d ' ' -f 1)
  sed_awk=$(cat <<'AWK'
${SED_AWK.trim()}
AWK
)
  cat >"$work/scan.awk" <<'AWK'
${SYSLOG_AWK.trim()}
${SCAN_AWK.trim()}
AWK
  cat >"$work/choose.awk" <<'AWK'
${CHOOSE_AWK.trim()}
AWK
  cat >"$work/hide.awk" <<'AWK'
${SYSLOG_AWK.trim()}
${WORDS_AWK.trim()}
${HIDE_AWK.trim()}
AWK
  cd "$top" || exit 1
  texts -print | while IFS= read -r path; do
    tr -d '\000' <"$path" | cut -b 1-${MAX_LINE_BYTES} >"$work/text" && cat "$work/text" >"$path"
  done

  # What names the machine
  {
    (cd "$kept" && strings && find . -print) | awk -f "$work/scan.awk"
    { texts -exec cat {} + && cat "$work/devices" "$work/unread" "$work/left-out"; } | awk -f "$work/scan.awk"
    (cd "$kept" && strings \( ${named(layout.serialNames)} \)) | sed 's/^/s /'
    (cd "$kept" && strings \( ${own} \)) | sed 's/^/n /'
    [ ! -f ${layout.LPARCFG_PATH} ] || sed -n 's/^serial_number=/s /p; s/^partition_name=/n /p' ${layout.LPARCFG_PATH}
    sed 's/^/s /' "$work/macs"
    printf 'n %s\n' "$host" "$(printf %s "$host" | sed 's/\..*//')"
    case $host in *.*.*) printf 'n %s\n' "$(printf %s "$host" | sed 's/^[^.]*\.//')" ;; esac
  } >"$work/identities"
  awk -v short= -f "$work/choose.awk" "$work/identities" | sorted >"$work/everywhere"
  awk -v short=1 -f "$work/choose.awk" "$work/identities" | sorted >"$work/short"
  commands "$work/everywhere" >"$work/everywhere.sed"
  commands "$work/short" >"$work/short.sed"
  host=

  # The tree: what is found in the strings of any value is replaced in all of them
  cd "$kept" || exit 1
  [ ! -s "$work/everywhere.sed" ] || find . -type f -size +4c -exec sed -i -f "$work/everywhere.sed" {} +
  [ ! -s "$work/short.sed" ] || find . -type f \( ${own} \) -exec sed -i -f "$work/short.sed" {} +
  : >"$work/found"
  strings | awk -v map= -v found="$work/found" -f "$work/hide.awk"
  sorted <"$work/found" >"$work/in-tree"
  commands "$work/in-tree" >"$work/in-tree.sed"
  [ ! -s "$work/in-tree.sed" ] || find . -type f -size +4c -exec sed -i -f "$work/in-tree.sed" {} +

  # Texts and names
  cd "$top" || exit 1
  (cd "$kept" && find . -depth ! -name . -print) >"$work/paths"
  : >"$work/found"
  { texts -exec cat {} + && cat "$work/devices" "$work/unread" "$work/left-out" "$work/paths"; } |
    sed -f "$work/everywhere.sed" | awk -v map= -v found="$work/found" -f "$work/hide.awk"
  sorted <"$work/found" >"$work/words"
  hashed "$work/words" >"$work/words.map"
  texts -print | while IFS= read -r path; do
    hide_all <"$path" >"$work/text" && cat "$work/text" >"$path"
  done
  for list in devices unread left-out; do
    hide_all <"$work/$list" >"$work/text" && cat "$work/text" >"$work/$list"
  done
  cd "$kept" || exit 1
  hide_all <"$work/paths" | awk -v paths="$work/paths" '{
    getline path <paths
    folder = name = path
    sub(/[^\/]*$/, "", folder)
    sub(/.*\//, "", name)
    sub(/.*\//, "")
    if (name != $0) print path "\t" folder $0
  }' | while IFS=$tab read -r path renamed; do
    mv "$path" "$renamed"
  done
fi

`;
}
