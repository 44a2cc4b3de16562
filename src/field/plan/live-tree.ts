import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { InputError } from '../../base/index.ts';
import type { LiveTree } from './apply.ts';

/** Who runs this, and where: `process` fits. */
export interface Host {
  readonly arch: string;
  readonly getuid?: () => number;
}

/**
 * The running tree of this machine.
 * @param root where the machine's `/` is; anything but `''` is a trial on files, for which anybody will do
 * @throws InputError where it cannot be changed: no Power machine, not root, no ofdt
 */
export function openLiveTree(root: string, host: Host): LiveTree {
  const ofdt = `${root}/proc/ppc64/ofdt`;
  if (root === '' && host.arch !== 'ppc64') throw refused(`this is no Power machine but ${host.arch}`);
  if (root === '' && host.getuid?.() !== 0) throw refused('only root may');
  if (!existsSync(ofdt)) throw refused(`there is no ${ofdt}`);
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

function refused(why: string): InputError {
  const hint = 'without --apply the plan is shown, with --script as a shell script for the partition';
  return new InputError(`cannot apply: ${why}`, {}, { hint });
}
