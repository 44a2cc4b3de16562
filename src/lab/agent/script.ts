/**
 * The guest's side of the agent: a busybox shell script on a console of its own. `protocol.ts` describes the protocol.
 *
 * Under emulation, starting a program takes 6 ms, a fork 2 ms, one turn of a loop or one test 0.1 ms, and one character that the
 * shell reads itself 0.03 ms. So the script uses built-in commands where possible, and does not build lists word by word.
 *
 * Each operation is a function. Its standard output is the answer; when it fails, its standard error is.
 */
export const AGENT_SCRIPT = `#!/bin/busybox sh
# The host parses error messages of programs.
export LC_ALL=C
stty raw -echo
work=\${1:-/tmp}
newline='
'
separator=$(printf '\\036')
mark=$work/mark
last= status=0

op_ready() { true; }

# Files that have an end, unlike devices and pipes. A missing file counts too: opening it fails immediately.
plain() { [ -f "$1" ] || [ ! -e "$1" ]; }

# Prints a regular file completely, of any other file the result of one read(2).
copy() {
  if plain "$1"; then cat "$1"; else dd if="$1" bs=4096 count=1; fi
}

# Arguments: a mark, then files with "$mark" after each. Prints bytes or error of each file, the mark after each, then a status.
op_read() {
  printf '\\n%s\\n' "$1" >$mark
  shift
  for path; do
    plain "$path" && continue
    failed=0
    for path; do
      copy "$path" 2>$work/error && continue
      failed=$?
      cat $work/error
      [ -s $work/error ] || echo "copy: killed"
    done
    echo $failed
    return
  done
  cat "$@" 2>&1
  echo $?
}

# Arguments: path, bytes as a format of printf, size of dd's block. Writes all bytes with one write(2).
op_write() {
  # dd would create the file; sysfs fails that with EACCES instead of ENOENT.
  case $1 in /sys/*|/proc/*) [ -e "$1" ] || { echo "$1: No such file or directory" >&2; return 1; } ;; esac
  printf "$2" >$work/in
  dd if=$work/in of="$1" bs="$3" conv=notrunc
}

op_run() {
  sh -c "$1" 2>&1
  echo "$separator$?"
}

# Arguments: number of the client, times, path; for a writer also bytes and block size as in op_write.
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

# Prints the kernel log, the devices on the VIO bus whose of_node resolves, a tar of the tree (as .) and of the links of the
# devices, then the errors of tar.
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
  request=\${body%%$separator*}
  if [ "$request$separator$request" != "$body" ] || [ "\${#request}" != "$3" ]; then
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
