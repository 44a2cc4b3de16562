/**
 * The guest's side of the agent: a busybox shell on a console of its own. `protocol.ts` says what goes over it.
 *
 * Under emulation starting a process costs 10–20 ms, a turn of a loop 0.1 ms and a character of input 0.03 ms, so what can
 * be is done with built-in commands. An answer takes one process (gzip) beside those of the operation itself.
 *
 * An operation is a function; its standard output is the answer, or its standard error when it fails.
 */
export const agentScript = `#!/bin/busybox sh
# Guests differ in nothing but their kernel: messages of programs are read by the host.
export LC_ALL=C
stty raw -echo
work=\${1:-/tmp}
newline='
'
twice=$(printf '\\036')
last= status=0

op_ready() { true; }

# All of a regular file; one read(2) of anything else, which may have no end.
op_read() {
  if [ -f "$1" ] || [ ! -e "$1" ]; then cat "$1"; else dd if="$1" bs=4096 count=1; fi
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
  elif [ -f "$3" ] || [ ! -e "$3" ]; then
    set -- "$1" "$2" cat "$3"
  else
    set -- "$1" "$2" dd "if=$3" bs=4096 count=1
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

# The kernel log, then a tar of the tree (as .) and of the links of the devices on the VIO bus, then what tar could not read.
op_observe() {
  set --
  for device in /sys/bus/vio/devices/*; do
    # vio itself is the bus's root, no device that anybody drives.
    [ -e "$device" ] && [ "\${device##*/}" != vio ] || continue
    set -- "$@" "$device"
    [ -L "$device/driver" ] && set -- "$@" "$device/driver"
    if [ -L "$device/of_node" ]; then
      set -- "$@" "$device/of_node"
      [ -e "$device/of_node" ] || echo "dangling \${device##*/}"
    fi
  done
  dmesg -r
  printf '\\ntar\\n'
  cd /sys/firmware/devicetree/base && tar -c -f - . "$@"
  while IFS= read -r line; do echo "$line"; done <$work/err
}

answer() {
  [ $status = 0 ] && set -- $work/out || set -- $work/err
  printf '\\001TP %s %s\\n' "$last" $status
  gzip -1 <$1
  printf '\\n\\001TP %s end\\n' "$last"
}

printf '\\001TP hello\\n'
while IFS= read -r line; do
  case $line in 'TP '*) ;; *) continue ;; esac
  line=\${line#TP }
  sequence=\${line%% *} line=\${line#* }
  length=\${line%% *} line=\${line#* }
  request=\${line%%$twice*}
  if [ "$request$twice$request" != "$line" ] || [ "\${#request}" != "$length" ]; then
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
