import { joinPath } from '../../devicetree/index.ts';
import { MAX_WRITE_BYTES, printfFormat } from './ofdt.ts';
import type { Plan, PlanStep } from './plan.ts';

/**
 * A plan as a shell script for the partition. It reads each property, writes it, and reads it back. It stops at a property
 * that has neither its old nor its new value. After an interruption it can be run again and continues where it stopped.
 */
export function planScript({ steps, needsRestart, obstacles }: Plan): string {
  const shown = (text: string) => text.replace(/[^\x20-\x7e]/g, '?');
  const comments = [
    ...obstacles.map((text) => `# Obstacle: ${shown(text)}`),
    ...needsRestart.map(({ subject, reason }) => `# Needs a restart: ${shown(subject)}: ${shown(reason)}`),
  ];
  return `#!/bin/sh
# Changes properties of the running device tree, one write to /proc/ppc64/ofdt for each. Run it as root on the
# partition. It needs printf, dd and cmp.
${comments.join('\n')}
ofdt=/proc/ppc64/ofdt
tree=/proc/device-tree
if [ "$#" -eq 1 ]; then
  # For a trial on files: a folder in place of /.
  ofdt=$1$ofdt
  tree=$1$tree
fi
LC_ALL=C
export LC_ALL

stop() {
  echo "$1" >&2
  exit 1
}
# is PROPERTY FORMAT: whether the property has that value; - means that it does not exist.
is() {
  if [ "$2" = - ]; then
    [ ! -e "$tree$1" ]
  else
    # shellcheck disable=SC2059 # the value is a format; special bytes are in octal
    [ -f "$tree$1" ] && printf "$2" | cmp -s - "$tree$1"
  fi
}
# step PROPERTY OLD NEW COMMAND
step() {
  if is "$1" "$3"; then
    echo "$1: already has the wanted value"
    return
  fi
  is "$1" "$2" || stop "$1: has neither its old nor its wanted value; stopped"
  # Through dd: a shell may split its output into several writes, for example at newlines.
  # shellcheck disable=SC2059
  printf "$4" | dd obs=${MAX_WRITE_BYTES} 2>/dev/null >"$ofdt" || stop "$1: the kernel refused the command"
  is "$1" "$3" || stop "$1: written, but reads back differently; stopped"
  echo "$1: done"
}
[ -w "$ofdt" ] || stop "cannot write $ofdt: run this as root on the partition"

${steps.map(line).join('\n')}
`;
}

function line({ path, name, from, to, write, warnings }: PlanStep): string {
  const value = (bytes: Uint8Array | undefined) => `'${bytes === undefined ? '-' : printfFormat(bytes)}'`;
  const property = joinPath(path, name).replaceAll("'", `'\\''`);
  const notes = warnings.map((warning) => `# ${warning}\n`).join('');
  return `${notes}step '${property}' ${value(from)} ${value(to)} '${printfFormat(write)}'`;
}
