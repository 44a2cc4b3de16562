import { joinPath } from '../../devicetree/index.ts';
import { longestWrite, printfFormat } from './ofdt.ts';
import type { Plan, PlanStep } from './plan.ts';

/**
 * A plan as a shell script for the partition: each property is looked at, written, and read back; what is neither as it
 * was nor as it should be ends it. Run again after an interruption, it goes on where it stopped.
 */
export function planScript({ steps, unmendable, obstacles }: Plan): string {
  const shown = (text: string) => text.replace(/[^\x20-\x7e]/g, '?');
  const comments = [
    ...obstacles.map((text) => `# In the way: ${shown(text)}`),
    ...unmendable.map(({ subject, reason }) => `# Not mended: ${shown(subject)}: ${shown(reason)}`),
  ];
  return `#!/bin/sh
# Writes properties of the running device tree, one command for each write to /proc/ppc64/ofdt. Run it as root on the
# partition; it needs printf, dd and cmp.
${comments.join('\n')}
ofdt=/proc/ppc64/ofdt
tree=/proc/device-tree
if [ "$#" -eq 1 ]; then
  # For a trial: another root than /.
  ofdt=$1$ofdt
  tree=$1$tree
fi
LC_ALL=C
export LC_ALL

stop() {
  echo "$1" >&2
  exit 1
}
# is PROPERTY FORMAT: whether it has that value; - is for one that is not there.
is() {
  if [ "$2" = - ]; then
    [ ! -e "$tree$1" ]
  else
    # shellcheck disable=SC2059 # the value is a format, in octal where need be
    [ -f "$tree$1" ] && printf "$2" | cmp -s - "$tree$1"
  fi
}
# step PROPERTY OLD NEW COMMAND
step() {
  if is "$1" "$3"; then
    echo "$1: has its value already"
    return
  fi
  is "$1" "$2" || stop "$1: neither as it was nor as it should be; nothing more is done"
  # Through dd, because a shell may cut what it prints into several writes, at newlines for one.
  # shellcheck disable=SC2059
  printf "$4" | dd obs=${longestWrite} 2>/dev/null >"$ofdt" || stop "$1: the kernel refused the command"
  is "$1" "$3" || stop "$1: written, but it does not read back; nothing more is done"
  echo "$1: done"
}
[ -w "$ofdt" ] || stop "cannot write $ofdt: be root on the partition"

${steps.map(line).join('\n')}
`;
}

function line({ path, name, from, to, write, warnings }: PlanStep): string {
  const value = (bytes: Uint8Array | undefined) => `'${bytes === undefined ? '-' : printfFormat(bytes)}'`;
  const property = joinPath(path, name).replaceAll("'", `'\\''`);
  const notes = warnings.map((warning) => `# ${warning}\n`).join('');
  return `${notes}step '${property}' ${value(from)} ${value(to)} '${printfFormat(write)}'`;
}
