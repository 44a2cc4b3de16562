import { MAX_LINE_BYTES } from './last-bytes.ts';
import * as layout from './layout.ts';
import { named, packPart, words } from './script-parts.ts';
import { redactPart } from './script-redact.ts';

/**
 * The shell script that makes a capture on a machine without Node: one file, for a POSIX shell and the tools of busybox.
 * It writes the same files as `writeCapture`.
 *
 * The script is text in this module, because the compiler copies no other files into the package, and because both take
 * their lists of files from layout.ts. It uses no `\${…}` of the shell.
 * @param by name and version of the program, for the manifest: `transplant 0.1.0`
 */
export function captureScript(by: string): string {
  const secret = [named(layout.secretNames), ...layout.secretNodes.map((name) => `-path '*/${name}/*'`)].join(
    ' -o ',
  );
  return String.raw`#!/bin/sh
# Captures what a Linux partition on Power shows of its device tree, VIO bus and kernel log, as one tar.gz.
# From ${by}: transplant show, diff, audit and plan read the archive.
#
# Reads only; writes the archive and, while it runs, a private folder in $TMPDIR. Some files can be read by root alone; what
# cannot be read is named in the archive's manifest.json. Needs sh, awk, cat, cut, date, find, gzip, head, mktemp, od,
# readlink, sed, sha256sum, sort, tail, tar, tr, wc, xargs; busybox has them all.

usage() {
  cat <<'TEXT'
usage: sh capture.sh [-o FILE] [--redact] [--redact-salt FILE] [--devspec]
                     [--root DIR]
  -o FILE    where to write; - is standard output (default:
             transplant-capture-TIME.tar.gz)
  --redact   hide serial numbers, names and addresses: each becomes the same
             pseudonym wherever it occurs
  --redact-salt FILE
             as --redact, with the same pseudonyms in all captures made with
             this secret file, so that they can be compared
  --devspec  read each device's devspec too. On a damaged partition the kernel
             then uses freed nodes (refcount_t: addition on 0; use-after-free):
             do not use it on a machine that is needed
  --root DIR the folder that stands for /; links out of it are not followed

Exit status: 0 captured, 1 no capture, 2 bad usage, or something could not be
read (the manifest in the archive names it).
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

# Names are bytes; no other user may read what is staged.
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

# inside PATH: whether a path stays inside of the root, its links followed
inside() {
  [ -n "$root" ] || return 0
  case $(readlink -f "$1")/ in
    "$(readlink -f "$root")"/*) return 0 ;;
  esac
  return 1
}

tree=$root/${layout.TREE_PATH}
{ [ -d "$tree" ] && inside "$tree"; } || tree=$root/proc/device-tree
if ! [ -d "$tree" ] || ! inside "$tree"; then
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
: >"$work/macs"

unread() {
  printf '%s\t%s\n' "$1" "$(printf %s "$2" | sed 's/.*: //' | tr '[:upper:]' '[:lower:]')" >>"$work/unread"
}

# has PATH: whether there is such a file of the machine; that a link leads out of the root is recorded
has() {
  [ -e "$root/$1" ] || return 1
  ! inside "$root/$1" || return 0
  unread "/$1" 'leads out of the root'
  return 1
}

# keep PATH: copies a file of the machine to its place
keep() {
  has "$1" || return 0
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
secrets 2>/dev/null | sed 's/^\.//' | sort >"$work/left-out"
find . -type f -print 2>"$work/find.said" | sed 's/^\.//' |
  awk -v out="$work/left-out" 'BEGIN { while ((getline line <out) > 0) left[line] } !($0 in left) { print "." $0 }' >"$work/wanted"
awk -F ': ' '{ gsub(/\047/, "", $2); sub(/^\./, "/${layout.TREE_PATH}", $2); print $2 "\t" tolower($NF) }' "$work/find.said" >>"$work/unread"
find . -type d -print0 2>/dev/null | (cd "$kept" && xargs -0 mkdir -p)
tar -cf - -T "$work/wanted" 2>"$work/tar.said" | (cd "$kept" && tar -xf - 2>/dev/null)
# What did not arrive, or changed its length on the way, is read once more by itself; cat then says why it cannot be read.
(cd "$kept" && find . -type f -print) >"$work/have"
awk -v have="$work/have" 'BEGIN { while ((getline line <have) > 0) seen[line] } !($0 in seen)' "$work/wanted" >"$work/missing"
sed -n 's/^tar: \(.*\): File shrank by .*/\1/p' "$work/tar.said" >>"$work/missing"
while IFS= read -r path; do
  if ! why=$(cat "$path" 2>&1 >"$kept/$path"); then
    rm -f "$kept/$path"
    unread "/${layout.TREE_PATH}$(printf %s "$path" | sed 's/^\.//')" "$why"
  fi
done <"$work/missing"
# MAC addresses have six bytes, in firmware of PowerVM two bytes of padding before them
[ -z "$redact" ] || find . -type f \( ${named(layout.macNames)} \) -exec sh -c 'for file; do od -An -v -tx1 "$file" | tr -d " \n"; echo; done' sh {} + |
  awk 'length($0) == 12 || length($0) == 16 { print substr($0, length($0) - 11) }' >"$work/macs"
cd / || exit 1

# --- VIO bus: name, driver, state of the of_node link, its target, devspec

for device in "$root"/sys/devices/vio/*; do
  [ -e "$device/uevent" ] || [ -L "$device/of_node" ] || continue
  inside "$device" || continue
  driver=
  [ ! -L "$device/driver" ] || driver=$(basename "$(readlink "$device/driver")")
  state=absent
  target=
  if [ -L "$device/of_node" ]; then
    target=$(readlink "$device/of_node")
    state=dangling
    if [ -d "$device/of_node/" ] && inside "$device/of_node"; then state=resolves; fi
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
if inside "$root/sys/devices/system/cpu" && cd "$root/sys/devices/system/cpu" 2>/dev/null; then
  find . -type f -path './cpu[0-9]*/cache/index*/*' ! -path './*/*/*/*/*' \( ${named(layout.cacheAttributes)} \) -exec awk '{ print FILENAME ":" $0 }' {} + 2>/dev/null |
    sort >"$top/${layout.CACHES_PATH}"
  [ -s "$top/${layout.CACHES_PATH}" ] || rm -f "$top/${layout.CACHES_PATH}"
  cd / || exit 1
fi

# read_log PATH: the kernel's lines of a log of any size
read_log() {
  if [ "$1" = ${layout.logFallbacks[0]} ]; then cat "$root/$1"; else tr -d '\000' <"$root/$1" | cut -b 1-${MAX_LINE_BYTES} | sed -n '/ kernel: /p'; fi
}
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
  if [ -s "$log" ] || ! has "$path"; then continue; fi
  if ! why=$(head -c 1 "$root/$path" 2>&1 >/dev/null); then
    unread "/$path" "$why"
    continue
  fi
  read_log "$path" | tail -c ${layout.MAX_LOG_BYTES} >"$log"
  if [ "$(wc -c <"$log")" -eq ${layout.MAX_LOG_BYTES} ] && [ "$(read_log "$path" | wc -c)" -gt ${layout.MAX_LOG_BYTES} ]; then
    echo ${layout.LOG_PATH} >>"$work/truncated"
  fi
done
[ -s "$log" ] || rm -f "$log"
for path in ${layout.LOG_PATH} ${layout.JOURNAL_PATH}; do
  if [ -f "$top/$path" ] && [ "$(wc -c <"$top/$path")" -gt ${layout.MAX_LOG_BYTES} ]; then
    tail -c ${layout.MAX_LOG_BYTES} "$top/$path" >"$work/tail" && mv "$work/tail" "$top/$path"
    echo "$path" >>"$work/truncated"
  fi
done

release=$(cat "$top/proc/sys/kernel/osrelease" 2>/dev/null)
host=
if has ${layout.HOST_PATH}; then host=$(cat "$root/${layout.HOST_PATH}" 2>/dev/null); fi
sort "$work/unread" >"$work/text" && cat "$work/text" >"$work/unread"

${redactPart()}${packPart(by)}`;
}
