import { Argument, Command } from 'commander';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** @param program the root command, from which the words to complete are read */
export function completionCommand(program: () => Command): Command {
  return new Command('completion')
    .description('print a shell script that completes commands and options')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      '\nBash: eval "$(transplant completion bash)"\nZsh:  eval "$(transplant completion zsh)"\nFish: transplant completion fish | source',
    )
    .action((shell: Shell) => {
      process.stdout.write(scripts[shell](completionsOf(program(), [])));
    });
}

/** The words that may follow a command: its subcommands and options. */
interface Words {
  readonly command: string;
  readonly words: readonly string[];
}

function completionsOf(command: Command, path: readonly string[]): readonly Words[] {
  const options = command.options.flatMap((option) => (option.long ? [option.long] : []));
  const words = [...command.commands.map((each) => each.name()), ...options, '--help'];
  const below = command.commands.flatMap((each) => completionsOf(each, [...path, each.name()]));
  return [{ command: path.join(' '), words }, ...below];
}

const scripts: Readonly<Record<Shell, (all: readonly Words[]) => string>> = {
  bash: (all) => `_transplant() {
  local words='' at="\${COMP_WORDS[*]:1:COMP_CWORD-1}"
  case "$at" in
${all
  .toReversed()
  .map(({ command, words }) => `    ${command === '' ? '*' : `'${command}'*`}) words='${words.join(' ')}' ;;`)
  .join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _transplant transplant
`,
  zsh: (all) => `autoload -Uz bashcompinit && bashcompinit\n${scripts.bash(all)}`,
  fish: (all) =>
    all
      .flatMap(({ command, words }) =>
        words.map((word) => {
          const when =
            command === ''
              ? '__fish_use_subcommand'
              : `__fish_seen_subcommand_from ${command.split(' ').at(-1)}`;
          const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
          return `complete -c transplant -n '${when}' ${what}\n`;
        }),
      )
      .join(''),
};
