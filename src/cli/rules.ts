import { Command } from 'commander';
import { InputError } from '../base/index.ts';
import { sharedOption } from './options.ts';
import { painter } from './terminal.ts';

export function rulesCommand(): Command {
  return new Command('rules')
    .description('list the rules of the verdict: what is wrong, why it matters and what to do')
    .argument('[rule]', 'print only this rule')
    .addOption(sharedOption('json'))
    .action(rulesAction);
}

async function rulesAction(name: string | undefined, { json }: { readonly json?: true }): Promise<void> {
  const { rules } = await import('../verdict/index.ts');
  const { rulesToText } = await import('../report/text/index.ts');
  const chosen = rules.filter((rule) => name === undefined || rule.name === name);
  if (chosen.length === 0)
    throw new InputError(`no such rule: ${name}`, {}, { hint: '`transplant rules` lists them' });
  if (json) {
    const data = chosen.map(({ check, ...rule }) => rule);
    process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  } else {
    const paint = await painter();
    process.stdout.write(rulesToText(chosen, paint));
  }
}
