import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findByPath, property, sameTree } from '../../src/devicetree/index.ts';
import { captureScript, readCapture, readSalt, writeCapture } from '../../src/field/index.ts';
import { folder, machine } from './machine.ts';
import { runShell, type Shell, shells, testWith } from './programs.ts';

const script = captureScript('transplant test');

/** Runs the capture script and reads what it wrote. */
async function captured(
  shell: Shell,
  root: string,
  args: readonly string[] = [],
  before?: string,
  status = 0,
) {
  const place = folder();
  writeFileSync(join(place, 'capture.sh'), script, 'latin1');
  const run = runShell(
    shell,
    place,
    join(place, 'capture.sh'),
    ['--root', root, '-o', 'out.tar.gz', ...args],
    before,
  );
  expect(run).toMatchObject({ status, stderr: expect.stringMatching(/^captured to \S+\n/) });
  return { ...(await readCapture(join(place, 'out.tar.gz'))), stderr: run.stderr };
}

testWith('shellcheck', 'the capture script passes shellcheck', () => {
  const run = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: script, encoding: 'latin1' });
  expect(run.stdout).toBe('');
  expect(run.status).toBe(0);
});

test('the capture script is ASCII and ends in a newline', () => {
  expect(script).toMatch(/^#!\/bin\/sh\n[\n\t\x20-\x7e]*\n$/);
});

describe.each(shells)('$name', (shell) => {
  testWith(shell.program, 'captures what the command captures', async () => {
    const root = await machine({ dangling: ['ibm,random-v1'] });
    const ours = await captured(shell, root);
    const place = join(folder(), 'node.tar.gz');
    writeFileSync(place, writeCapture({ root, by: 'transplant test' }).bytes);
    const theirs = await readCapture(place);
    expect(sameTree(ours.observation.tree, theirs.observation.tree)).toBe(true);
    const { description: _, ...platform } = theirs.observation.platform;
    expect(ours.observation).toMatchObject({
      platform,
      devices: theirs.observation.devices,
      log: theirs.observation.log,
      unread: [],
    });
    expect(ours.leftOut.toSorted()).toEqual(theirs.leftOut.toSorted());
    expect(ours.manifest).toMatchObject({
      host: 'north.example.com',
      by: 'capture script of transplant test',
      files: { count: theirs.manifest?.files.count },
    });
  });

  testWith(shell.program, 'hides what is to be hidden, and changes no other byte', async () => {
    const root = await machine();
    const { observation, manifest } = await captured(shell, root, ['--redact']);
    const all = JSON.stringify(observation, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    for (const hidden of ['10ABCDE', 'WZS00CH', 'lparnorth', 'north.example.com'])
      expect(all).not.toContain(hidden);
    expect(manifest).toMatchObject({ redacted: true, unread: [] });
    expect(observation.unread).toEqual([]);
    const text = (of: string, name: string) => {
      const node = findByPath(observation.tree, of);
      return Buffer.from((node && property(node, name)?.value) ?? []).toString('latin1');
    };
    const serial = text('/', 'system-id').slice('IBM,02'.length, -1);
    expect(serial).toMatch(/^[0-9A-F]{7}$/);
    expect(text('/vdevice', 'ibm,drc-names')).toBe(`U9080.HEX.${serial}-V3-C2\0U9080.HEX.${serial}-V3-C3\0`);
    expect(text('/cpus/PowerPC,POWER10@0', 'ibm,loc-code')).toMatch(/^U78D2\.001\.[0-9A-F]{7}-P1-C33\0$/);
    expect(text('/', 'bytes')).toBe(
      Buffer.from(Array.from({ length: 256 }, (_, index) => index)).toString('latin1'),
    );
    expect(text('/', 'newlines')).toBe('\n\n\0\n');
  });

  testWith(shell.program, 'redacts as the command does with the same salt, and refuses none', async () => {
    const root = await machine();
    const place = folder();
    const salt = join(place, 'salt');
    writeFileSync(
      salt,
      Uint8Array.from({ length: 32 }, (_, index) => (index * 37) % 256),
    );
    const ours = await captured(shell, root, ['--redact-salt', salt]);
    writeFileSync(
      join(place, 'node.tar.gz'),
      writeCapture({ root, by: 'transplant test', salt: readSalt(salt) }).bytes,
    );
    const theirs = await readCapture(join(place, 'node.tar.gz'));
    expect(sameTree(ours.observation.tree, theirs.observation.tree)).toBe(true);
    expect(ours.observation.log).toEqual(theirs.observation.log);
    expect(ours.manifest).toMatchObject({ redacted: true });
    expect(ours.manifest?.host).toBeUndefined();

    writeFileSync(join(place, 'capture.sh'), script, 'latin1');
    writeFileSync(join(place, 'short'), 'short');
    for (const bad of ['short', 'none', '', '/dev/zero']) {
      const args = ['--root', root, '-o', 'out.tar.gz', '--redact-salt', bad];
      const { status, stderr } = runShell(shell, place, join(place, 'capture.sh'), args);
      expect({ status, stderr }).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/not a file of 16/),
      });
    }
    expect(existsSync(join(place, 'out.tar.gz'))).toBe(false);
  });

  testWith(shell.program, 'reads devspec only when asked to', async () => {
    const root = await machine();
    const { observation } = await captured(shell, root, ['--devspec']);
    expect(observation.devices[2]?.devspec).toBe('/ibm,platform-facilities/ibm,random-v1');
  });

  testWith(
    shell.program,
    'captures property by property where tar gives up, and names what cannot be read',
    async () => {
      const root = await machine();
      const broken = folder();
      // A tar that cannot pack what is listed, and a cat that cannot read one of the files.
      const fake = (name: string, text: string) => {
        writeFileSync(join(broken, name), text);
        chmodSync(join(broken, name), 0o755);
      };
      const real = (name: string) => `$(PATH="$(printf %s "$PATH" | sed 's/^[^:]*://')" command -v ${name})`;
      fake(
        'tar',
        `#!/bin/sh\ncase "$*" in *" -T "*) echo 'tar: short read' >&2; exit 1 ;; esac\nexec "${real('tar')}" "$@"\n`,
      );
      fake(
        'cat',
        `#!/bin/sh\ncase "$*" in ./model) echo "cat: can't open './model': Input/output error" >&2; exit 1 ;; esac\nexec "${real('cat')}" "$@"\n`,
      );
      const { observation, gaps } = await captured(shell, root, [], broken, 2);
      expect(property(observation.tree.root, 'bytes')?.value).toHaveLength(256);
      expect(gaps).toEqual(['/sys/firmware/devicetree/base/model: input/output error']);
    },
  );

  testWith(shell.program, 'refuses what it does not understand, and a machine without a device tree', () => {
    const place = folder();
    writeFileSync(join(place, 'capture.sh'), script, 'latin1');
    mkdirSync(join(place, 'empty'));
    const run = (...args: string[]) => {
      const { status, stderr } = runShell(shell, folder(), join(place, 'capture.sh'), args);
      return { status, stderr };
    };
    expect(run('--root')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^usage: /) });
    expect(run('--what')).toMatchObject({ status: 2 });
    expect(run('--root', join(place, 'empty'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no device tree at '),
    });
  });
});
