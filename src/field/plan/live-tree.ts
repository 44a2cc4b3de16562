import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { InputError } from '../../base/index.ts';
import type { LiveTree } from './apply.ts';

/** The user and the machine; `process` has this form. */
export interface Host {
  readonly arch: string;
  readonly getuid?: () => number;
}

/**
 * Opens the running tree of this machine.
 * @param root the folder used as `/`; anything but `''` is a trial on files, which needs neither root nor Power
 * @throws InputError when the tree cannot be changed: not a Power machine, not root, no ofdt
 */
export function openLiveTree(root: string, host: Host): LiveTree {
  const ofdt = `${root}/proc/ppc64/ofdt`;
  if (root === '' && host.arch !== 'ppc64') throw cannotApply(`this is not a Power machine but ${host.arch}`);
  if (root === '' && host.getuid?.() !== 0) throw cannotApply('you are not root');
  if (!existsSync(ofdt)) throw cannotApply(`${ofdt} does not exist`);
  return {
    read(property) {
      const file = Buffer.from(
        `${Buffer.from(root).toString('latin1')}/proc/device-tree${property}`,
        'latin1',
      );
      try {
        return new Uint8Array(readFileSync(file));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new InputError(`cannot read back: ${(error as NodeJS.ErrnoException).code}`, {
          path: property,
        });
      }
    },
    write(command) {
      const file = openSync(ofdt, constants.O_WRONLY);
      try {
        const written = writeSync(file, command);
        if (written !== command.length) throw new Error(`${written} of ${command.length} bytes taken`);
      } finally {
        closeSync(file);
      }
    },
  };
}

function cannotApply(why: string): InputError {
  const hint = 'without --apply the plan is printed; --script prints it as a shell script for the partition';
  return new InputError(`cannot apply: ${why}`, {}, { hint });
}
