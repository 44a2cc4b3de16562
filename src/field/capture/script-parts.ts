import * as layout from './layout.ts';

/** Words for a shell, each quoted. */
export const words = (all: readonly string[]) => all.map((word) => `'${word}'`).join(' ');

/** A condition of find: one of these names. */
export const named = (patterns: readonly string[]) =>
  patterns.map((pattern) => `-name '${pattern}'`).join(' -o ');

/** The second half of the capture script: what has been staged in `$top` is made anonymous where that was asked for. */
export function redactPart(): string {
  return String.raw`# --- redaction: every identity becomes so many hex digits of its own hash, salted anew for each capture, or from a file

texts() { tr '\000' '\n' | awk -v least="$1" 'length($0) >= least'; }
serials() {
  cd "$kept" || return
  find . -type f \( ${named(layout.serialNames)} \) -exec cat {} + | texts 5
  find . -type f \( ${named(layout.locationNames)} \) -exec cat {} + | texts 5 |
    sed -n 's/.*U[0-9A-Z]\{4,5\}\.[0-9A-Z]\{3\}\.\([0-9A-Z]\{5,\}\).*/\1/p'
  sed -n 's/^serial_number=\(.....*\)/\1/p' "$top/proc/ppc64/lparcfg" 2>/dev/null
}
names() {
  cd "$kept" || return
  find . -type f \( ${named(layout.partitionNames)} \) -exec cat {} + | texts "$1"
  printf '%s\n' "$host" "$(printf %s "$host" | sed 's/\..*//')" | texts "$1"
}
replacements() {
  sed 's/^IBM,[0-9][0-9]\([0-9A-Z]\{5,\}\)$/\1/' | sort -u | awk '{ print length($0) "\t" $0 }' | sort -rn | while IFS=$(printf '\t') read -r length identity; do
    digits=$(printf %s "$salt$identity" | sha256sum | cut -d ' ' -f 1 | tr a-f A-F)
    while [ "$(printf %s "$digits" | wc -c)" -lt "$length" ]; do digits=$digits$digits; done
    printf 's/%s/%s/g\n' "$(printf %s "$identity" | sed 's/[][\.*^$/]/\\&/g')" "$(printf %s "$digits" | head -c "$length")"
  done
}
if [ -n "$redact" ]; then
  [ -n "$salt" ] || salt=$(head -c 16 /dev/urandom | sha256sum | cut -d ' ' -f 1)
  (serials) | replacements >"$work/serials.sed"
  { (serials); (names 5); } | replacements >"$work/names.sed"
  # Shorter names would be found in text that means something else: only where they are the whole of it.
  (names 1) | replacements >"$work/own.sed"
  host=
  cd "$kept" || exit 1
  find . -type f -size +4c ! \( ${named([...layout.partitionNames, ...layout.namingNames])} \) -exec sed -i -f "$work/serials.sed" {} +
  find . -type f \( ${named(layout.partitionNames)} \) -exec sed -i -f "$work/own.sed" {} +
  find . -type f \( ${named(layout.namingNames)} \) -exec sed -i -f "$work/names.sed" {} +
  cd "$top" || exit 1
  find . -type f ! -path './${layout.TREE_PATH}/*' -exec sed -i -f "$work/names.sed" {} +
fi

`;
}

/** The end of the capture script: checksums, manifest, archive. */
export function packPart(by: string): string {
  return String.raw`# --- checksums, manifest, archive

cd "$top" || exit 1
find . -type f -exec sha256sum {} + >"$work/sums"
mv "$work/sums" ${layout.SUMS_PATH}
awk -F '\t' -v by="$(printf %s 'capture script of ${by}')" -v when="$when" -v release="$release" -v host="$host" \
  -v redact="$redact" -v count="$(wc -l <${layout.SUMS_PATH} | tr -d ' ')" -v sums="$(sha256sum <${layout.SUMS_PATH} | cut -d ' ' -f 1)" \
  -v work="$work" '
  function text(from, out, i, c) {
    out = ""
    for (i = 1; i <= length(from); i++) {
      c = substr(from, i, 1)
      if (c == "\\" || c == "\"") out = out "\\" c
      else if (c < " ") out = out "?"
      else out = out c
    }
    return "\"" out "\""
  }
  function list(name, file, last, line, n, part) {
    printf "  %s: [", text(name)
    n = 0
    while ((getline line <file) > 0) {
      split(line, part, "\t")
      printf "%s\n    ", n++ ? "," : ""
      if (name == "unread") printf "{ \"path\": %s, \"reason\": %s }", text(part[1]), text(part[2])
      else if (name == "devices") device(part)
      else printf "%s", text(line)
    }
    printf "%s]%s\n", n ? "\n  " : "", last ? "" : ","
  }
  function device(part) {
    printf "{ \"name\": %s, \"driver\": %s, \"ofNode\": { \"state\": %s", text(part[1]), part[2] == "" ? "null" : text(part[2]), text(part[3])
    if (part[3] != "absent") printf ", \"target\": %s", text(part[4])
    printf " }"
    if (part[5] != "") printf ", \"devspec\": %s", text(substr(part[5], 2))
    printf " }"
  }
  BEGIN {
    printf "{\n  \"format\": \"transplant-capture\",\n  \"version\": ${layout.MANIFEST_VERSION},\n"
    printf "  \"by\": %s,\n  \"when\": %s,\n  \"release\": %s,\n", text(by), text(when), text(release)
    if (host != "" && redact == "") printf "  \"host\": %s,\n", text(host)
    printf "  \"redacted\": %s,\n", redact == "" ? "false" : "true"
    printf "  \"files\": { \"count\": %d, \"sums\": %s },\n", count, text(sums)
    list("devices", work "/devices")
    list("unread", work "/unread")
    list("leftOut", work "/left-out")
    list("truncated", work "/truncated", 1)
    print "}"
  }' >${layout.MANIFEST_PATH}
cd "$work" || exit 1
set -- ${layout.TOP_FOLDER}/${layout.MANIFEST_PATH} ${layout.TOP_FOLDER}/${layout.SUMS_PATH}
for path in ${layout.TOP_FOLDER}/*; do
  case $path in
    */${layout.MANIFEST_PATH} | */${layout.SUMS_PATH}) ;;
    *) set -- "$@" "$path" ;;
  esac
done
tar -cf all.tar "$@" && gzip all.tar || exit 1
if [ "$output" = - ]; then
  cat all.tar.gz || exit 1
else
  cat all.tar.gz >"$output" || exit 1
  echo "captured to $output" >&2
fi
problems=$(wc -l <unread | tr -d ' ')
[ "$problems" -eq 0 ] || echo "$problems not read: see ${layout.MANIFEST_PATH} in it" >&2
`;
}
