import { InputError } from '../base/index.ts';

/** For options that may be repeated. */
export function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value];
}

/** @throws InputError where a name given with --allow is no rule's: it would silently allow nothing */
export async function checkAllowed(names: readonly string[] = []): Promise<readonly string[]> {
  const { rules } = await import('../verdict/index.ts');
  const unknown = names.find((name) => !rules.some((rule) => rule.name === name));
  if (unknown !== undefined)
    throw new InputError(`--allow ${unknown}: no such rule`, {}, { hint: '`transplant rules` lists them' });
  return names;
}

/** @throws InputError where more than one of a command's inputs is standard input, which can be read only once */
export async function checkOneStdin(...inputs: readonly (string | undefined)[]): Promise<void> {
  if (inputs.filter((input) => input === '-').length > 1)
    throw new InputError(
      'standard input can be read only once',
      {},
      { hint: 'only one input may be -; save the other to a file' },
    );
}

/** For options that take a number. @throws InputError where it is none, or less than the least */
export function wholeNumber(option: string, text: string, least = 0): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least && text.trim() !== '') return number;
  throw new InputError(`${option} takes a whole number${least > 0 ? ` from ${least}` : ''}, not ${text}`);
}
