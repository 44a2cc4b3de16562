/**
 * The guest's side of the agent: a busybox shell on a console of its own. `protocol.ts` says what goes over it.
 *
 * Under emulation starting a program costs 6 ms, a fork 2, a turn of a loop or a test 0.1 and a character that the shell
 * reads itself 0.03, so what can be is done with built-in commands, and lists are not grown word by word.
 *
 * An operation is a function; its standard output is the answer, or its standard error when it fails.
 */
export const AGENT_SCRIPT = `#!/bin/busybox sh
# Guests differ in nothing but their kernel: messages of programs are read by the host.
export LC_ALL=C
stty raw -echo
work=\${1:-/tmp}
newline='
'
twice=$(printf '\\036')
mark=$work/mark
last= status=0

op_ready() { true; }

# What ends, unlike a device or a pipe; what is not there can be opened no more than another.
plain() { [ -f "$1" ] || [ ! -e "$1" ]; }

# Of a regular file all, of anything else what one read(2) gives.
copy() {
  if plain "$1"; then cat "$1"; else dd if="$1" bs=4096 count=1; fi
}

# A mark, then files with "$mark" after each: bytes or complaint of each, the mark after each, at last a status.
op_read() {
  printf '\\n%s\\n' "$1" >$mark
  shift
  for path; do
    plain "$path" && continue
    failed=0
    for path; do
      copy "$path" 2>$work/said && continue
      failed=$?
      cat $work/said
      [ -s $work/said ] || echo "copy: killed"
    done
    echo $failed
    return
  done
  cat "$@" 2>&1
  echo $?
}

# path, bytes as a format of printf, how many of them are one block: one write(2) of them all.
op_write() {
  # dd would ask for a new file, and sysfs says EACCES to that.
  case $1 in /sys/*|/proc/*) [ -e "$1" ] || { echo "$1: No such file or directory" >&2; return 1; } ;; esac
  printf "$2" >$work/in
  dd if=$work/in of="$1" bs="$3" conv=notrunc
}

op_run() {
  sh -c "$1" 2>&1
  echo "$twice$?"
}

# number, times, path, and for a writer bytes as op_write has them
op_start() {
  client "$@" >$work/client.$1 2>$work/client.$1.failed &
  eval "client_$1=$!"
}

client() {
  succeeded=0 turn=0
  if [ $# -gt 3 ]; then
    printf "$4" >$work/client.$1.in
    set -- "$1" "$2" dd "if=$work/client.$1.in" "of=$3" "bs=$5" conv=notrunc
  else
    set -- "$1" "$2" copy "$3"
  fi
  times=$2
  shift 2
  while [ $turn -lt $times ]; do
    "$@" >/dev/null && succeeded=$((succeeded + 1))
    turn=$((turn + 1))
  done
  echo $succeeded
}

op_wait() {
  eval "wait \\$client_$1"
  cat $work/client.$1 $work/client.$1.failed
}

# The kernel log, the devices on the VIO bus whose of_node resolves, a tar of the tree (as .) and of the links of the
# devices, then what tar could not read.
op_observe() {
  dmesg -r
  bus=/sys/bus/vio/devices
  printf '\\n'
  printf 'resolves %s\\n' $bus/*/of_node/.
  printf 'tar\\n'
  links=
  for pattern in "$bus/*" "$bus/*/driver" "$bus/*/of_node"; do
    set -- $pattern
    [ -L "$1" ] && links="$links $pattern"
  done
  cd /sys/firmware/devicetree/base && tar -c -f - . $links
  while IFS= read -r line; do echo "$line"; done <$work/err
}

answer() {
  [ $status = 0 ] && set -- $work/out || set -- $work/err
  printf '\\001TP %s %s\\n' "$last" $status
  [ -s "$1" ] && gzip -1 <$1
  printf '\\n\\001TP %s end\\n' "$last"
}

printf '\\001TP hello\\n'
while IFS= read -r line; do
  case $line in 'TP '*) ;; *) continue ;; esac
  set -- $line
  [ $# = 5 ] && [ "$2 $3" = "$4 $5" ] || { printf '\\001TP again\\n'; continue; }
  sequence=$2
  body=$(dd bs=$((2 * $3 + 1)) count=1 iflag=fullblock 2>/dev/null)
  request=\${body%%$twice*}
  if [ "$request$twice$request" != "$body" ] || [ "\${#request}" != "$3" ]; then
    printf '\\001TP again\\n'
    continue
  fi
  if [ "$sequence" != "$last" ]; then
    eval "op_$request" </dev/null >$work/out 2>$work/err
    status=$? last=$sequence
  fi
  answer
done
`;
