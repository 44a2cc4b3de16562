import * as layout from './layout.ts';
import { named, packPart, redactPart, words } from './script-parts.ts';

/**
 * The shell script that makes a capture on a machine without Node: one file to copy, which needs a POSIX shell and the
 * tools of busybox. What it writes is the same as what `writeCapture` writes.
 *
 * It is held here as text, not as a file of its own, because the compiler carries nothing but its own output into the
 * package, and because what to take and what to leave out then stands in one place (layout.ts) for both. For the sake
 * of the text it uses no `\${…}`.
 * @param by what goes into the manifest, and into the script's head: `transplant 0.1.0`
 */
export function captureScript(by: string): string {
  const secret = [named(layout.secretNames), ...layout.secretNodes.map((name) => `-path '*/${name}/*'`)].join(
    ' -o ',
  );
  return String.raw`#!/bin/sh
# Captures what a Linux partition on Power shows of its device tree, VIO bus and kernel log, as one tar.gz.
# From ${by}, which reads it: transplant show, diff, audit and plan take the file.
#
# Reads only; writes the archive and, while it runs, a private folder in $TMPDIR. Some files want root; what cannot be
# read is named in the archive's manifest.json. Needs sh, awk, cat, date, find, gzip, head, mktemp, readlink, sed,
# sha256sum, sort, tail, tar, tr, wc, xargs; busybox has them all.

usage() {
  cat <<'TEXT'
usage: sh capture.sh [-o FILE] [--redact] [--redact-salt FILE] [--devspec]
                     [--root DIR]
  -o FILE    where to write; - is standard output (default:
             transplant-capture-TIME.tar.gz)
  --redact   hide serial numbers and the names of partition and host, the same
             ones alike
  --redact-salt FILE
             as --redact, and alike in all captures made with this secret file,
             so that they can be compared
  --devspec  read each device's devspec too; on an ill partition the kernel then
             trips over nodes that are gone (refcount_t: addition on 0;
             use-after-free), so leave it off on a machine that is needed
  --root DIR where the machine's / is
TEXT
}

root=
output=
redact=
salt=
devspec=
while [ $# -gt 0 ]; do
  case $1 in
    -o | --root | --redact-salt)
      if [ $# -lt 2 ]; then
        usage >&2
        exit 2
      fi
      case $1 in
        -o) output=$2 ;;
        --root) root=$2 ;;
        *)
          redact=yes
          if ! [ -f "$2" ] || ! [ -r "$2" ] || ! [ "$(wc -c <"$2")" -ge 16 ]; then
            echo "$2: not a file of 16 bytes or more that can be read" >&2
            echo 'make one with: (umask 077; head -c 32 /dev/urandom > FILE)' >&2
            exit 2
          fi
          salt=$(sha256sum <"$2" | cut -d ' ' -f 1)
          ;;
      esac
      shift
      ;;
    --redact) redact=yes ;;
    --devspec) devspec=yes ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done

# Names are bytes, and what is staged is nobody else's business.
LC_ALL=C
export LC_ALL
umask 077
when=$(date -u +%Y-%m-%dT%H:%M:%SZ)
[ -n "$output" ] || output=transplant-capture-$(printf %s "$when" | tr -d ':-').tar.gz
case $output in
  - | /*) ;;
  *) output=$PWD/$output ;;
esac
case $root in
  '' | /*) ;;
  *) root=$PWD/$root ;;
esac

tree=$root/${layout.TREE_PATH}
[ -d "$tree" ] || tree=$root/proc/device-tree
if ! [ -d "$tree" ]; then
  echo "no device tree at $tree: run this on the partition" >&2
  exit 1
fi

temporary=$TMPDIR
[ -n "$temporary" ] || temporary=/tmp
work=$(mktemp -d "$temporary/transplant.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
top=$work/${layout.TOP_FOLDER}
kept=$top/${layout.TREE_PATH}
mkdir -p "$kept"
: >"$work/unread"
: >"$work/truncated"
: >"$work/devices"

unread() {
  printf '%s\t%s\n' "$1" "$(printf %s "$2" | sed 's/.*: //')" >>"$work/unread"
}

# keep PATH: copies a file of the machine to its place.
keep() {
  [ -e "$root/$1" ] || return 0
  mkdir -p "$top/$(dirname "$1")"
  if ! why=$(cat "$root/$1" 2>&1 >"$top/$1"); then
    rm -f "$top/$1"
    unread "/$1" "$why"
  fi
}

# --- device tree: by two tars, because a process for each property would take minutes

secrets() {
  if [ -n "$redact" ]; then
    find . -type f \( ${secret} -o ${named(layout.identifyingNames)} \) -print
  else
    find . -type f \( ${secret} \) -print
  fi
}
cd "$tree" || exit 1
secrets 2>/dev/null | sed 's/^\.//' >"$work/left-out"
find . -type f -print 2>"$work/find.said" | sed 's/^\.//' |
  awk -v out="$work/left-out" 'BEGIN { while ((getline line <out) > 0) left[line] } !($0 in left) { print "." $0 }' >"$work/wanted"
awk -F ': ' '{ gsub(/\047/, "", $2); sub(/^\./, "/${layout.TREE_PATH}", $2); print $2 "\t" $NF }' "$work/find.said" >>"$work/unread"
find . -type d -print0 2>/dev/null | (cd "$kept" && xargs -0 mkdir -p)
tar -cf - -T "$work/wanted" 2>"$work/tar.said" | (cd "$kept" && tar -xf - 2>/dev/null)
# Whatever did not arrive, or changed its length on the way, is read once more by itself; then at least it says why not.
(cd "$kept" && find . -type f -print) >"$work/have"
awk -v have="$work/have" 'BEGIN { while ((getline line <have) > 0) seen[line] } !($0 in seen)' "$work/wanted" >"$work/missing"
sed -n 's/^tar: \(.*\): File shrank by .*/\1/p' "$work/tar.said" >>"$work/missing"
while IFS= read -r path; do
  if ! why=$(cat "$path" 2>&1 >"$kept/$path"); then
    rm -f "$kept/$path"
    unread "/${layout.TREE_PATH}$(printf %s "$path" | sed 's/^\.//')" "$why"
  fi
done <"$work/missing"
cd / || exit 1

# --- VIO bus: name, driver, state of the of_node link, its target, devspec

for device in "$root"/sys/devices/vio/*; do
  [ -e "$device/uevent" ] || [ -L "$device/of_node" ] || continue
  driver=
  [ ! -L "$device/driver" ] || driver=$(basename "$(readlink "$device/driver")")
  state=absent
  target=
  if [ -L "$device/of_node" ]; then
    target=$(readlink "$device/of_node")
    state=dangling
    [ ! -d "$device/of_node/" ] || state=resolves
  fi
  spec=
  if [ -n "$devspec" ]; then
    if spec=$(cat "$device/devspec" 2>/dev/null); then spec="=$spec"; else unread "/sys/devices/vio/$(basename "$device")/devspec" 'not read'; fi
  fi
  printf '%s\t%s\t%s\t%s\t%s\n' "$(basename "$device")" "$driver" "$state" "$target" "$spec" >>"$work/devices"
done

# --- small files, caches, kernel log

for path in ${words(layout.textPaths)}; do
  keep "$path"
done
if cd "$root/sys/devices/system/cpu" 2>/dev/null; then
  find . -path './cpu[0-9]*/cache/index*/*' \( ${named(layout.cacheAttributes)} \) -exec awk '{ print FILENAME ":" $0 }' {} + >"$top/${layout.CACHES_PATH}" 2>/dev/null
  [ -s "$top/${layout.CACHES_PATH}" ] || rm -f "$top/${layout.CACHES_PATH}"
  cd / || exit 1
fi

log=$top/${layout.LOG_PATH}
: >"$log"
if [ -z "$root" ]; then
  dmesg -r >"$log" 2>"$work/why" || dmesg >"$log" 2>"$work/why" || unread /dev/kmsg "$(cat "$work/why")"
  if command -v journalctl >/dev/null 2>&1; then
    journalctl -k -b -q -o short-monotonic --no-pager 2>/dev/null | sed 's/^\(\[[^]]*\]\) [^ ]* kernel: /\1 /' >"$top/${layout.JOURNAL_PATH}"
    [ -s "$top/${layout.JOURNAL_PATH}" ] || rm -f "$top/${layout.JOURNAL_PATH}"
  fi
fi
for path in ${words(layout.logFallbacks)}; do
  if [ -s "$log" ] || ! [ -r "$root/$path" ]; then continue; fi
  if [ "$path" = ${layout.logFallbacks[0]} ]; then cat "$root/$path" >"$log"; else grep ' kernel: ' "$root/$path" >"$log"; fi
done
[ -s "$log" ] || rm -f "$log"
for path in ${layout.LOG_PATH} ${layout.JOURNAL_PATH}; do
  if [ -f "$top/$path" ] && [ "$(wc -c <"$top/$path")" -gt ${layout.MAX_LOG_BYTES} ]; then
    tail -c ${layout.MAX_LOG_BYTES} "$top/$path" >"$work/tail" && mv "$work/tail" "$top/$path"
    echo "$path" >>"$work/truncated"
  fi
done

release=$(cat "$root/proc/sys/kernel/osrelease" 2>/dev/null)
host=$(cat "$root/${layout.HOST_PATH}" 2>/dev/null)

${redactPart()}${packPart(by)}`;
}
