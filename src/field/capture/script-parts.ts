import * as layout from './layout.ts';

/** Words for a shell, each quoted. */
export const words = (all: readonly string[]) => all.map((word) => `'${word}'`).join(' ');

/** A condition of find: one of these names. */
export const named = (patterns: readonly string[]) =>
  patterns.map((pattern) => `-name '${pattern}'`).join(' -o ');

/** The end of the capture script: checksums, manifest, archive. */
export function packPart(by: string): string {
  return String.raw`# --- checksums, manifest, archive

cd "$top" || exit 1
find . -type f -exec sha256sum {} + | LC_ALL=C sort -k 2 >"$work/sums"
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
# Owner and group are left out of the archive, except with busybox, which has no option for that.
if tar --owner=0 --group=0 -cf all.tar "$@" 2>/dev/null || tar -cf all.tar "$@"; then
  gzip all.tar || exit 1
else
  exit 1
fi
if [ "$output" = - ]; then
  cat all.tar.gz || exit 1
else
  { [ ! -f "$output" ] || chmod 600 "$output"; } && cat all.tar.gz >"$output" || exit 1
  echo "captured to $output" >&2
fi
problems=$(wc -l <unread | tr -d ' ')
[ "$problems" -eq 0 ] && exit 0
echo "$problems not read: see ${layout.MANIFEST_PATH} in it" >&2
exit 2
`;
}
