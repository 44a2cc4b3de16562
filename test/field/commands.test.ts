import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test, vi } from 'vitest';
import { InputError } from '../../src/base/index.ts';
import { auditCommand } from '../../src/cli/audit.ts';
import { captureCommand } from '../../src/cli/capture.ts';
import { diffCommand } from '../../src/cli/diff.ts';
import { explainCommand } from '../../src/cli/explain.ts';
import { planCommand } from '../../src/cli/plan.ts';
import { writeDirectory } from '../../src/devicetree/directory.ts';
import { readInput } from '../../src/field/index.ts';
import { folder, machine, partitionTree } from './machine.ts';

const example = (name: string) => resolve(import.meta.dirname, '../../examples/platform-facilities', name);

/** Runs a command as a shell would. */
async function run(command: () => Command, ...args: string[]) {
  const out: Buffer[] = [];
  const said: string[] = [];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk, encoding?: unknown) => {
      out.push(
        Buffer.from(chunk as string, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'),
      );
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      said.push(String(chunk));
      return true;
    }),
  ];
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    await command().exitOverride().parseAsync(args, { from: 'user' });
    return {
      status: process.exitCode ?? 0,
      stdout: Buffer.concat(out).toString('latin1'),
      stderr: said.join(''),
    };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = exitCode;
  }
}

/** A capture of a machine, by the command. */
async function captured(options: Parameters<typeof machine>[0] = {}): Promise<string> {
  const path = join(folder(), 'capture.tar.gz');
  const { status, stderr } = await run(captureCommand, '--root', await machine(options), '-o', path);
  expect({ status, stderr }).toEqual({ status: 0, stderr: `captured to ${path}\n` });
  return path;
}

describe('capture', () => {
  test('only its owner may read it', async () => {
    expect(statSync(await captured()).mode & 0o777).toBe(0o600);
  });

  test('what could not be read is named, and makes the status 2', async () => {
    const root = await machine();
    mkdirSync(join(root, 'etc'));
    symlinkSync('/etc/hostname', join(root, 'etc/os-release'));
    const { status, stderr } = await run(captureCommand, '--root', root, '-o', join(folder(), 'c.tar.gz'));
    expect(status).toBe(2);
    expect(stderr).toContain('not read: /etc/os-release: leads out of the root\n');
  });

  test('--script prints the script', async () => {
    expect((await run(captureCommand, '--script')).stdout).toMatch(/^#!\/bin\/sh\n/);
  });
});

describe('diff', () => {
  test('what a capture leaves out is no difference, and is said', async () => {
    const root = await machine();
    const capture = join(folder(), 'capture.tar.gz');
    await run(captureCommand, '--root', root, '-o', capture);
    const { status, stdout, stderr } = await run(diffCommand, root, capture);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'no difference\n' });
    expect(stderr).toMatch(/^not compared: 3 properties that a capture leaves out\n$/);
  });

  test('--unified', async () => {
    const { status, stdout } = await run(diffCommand, example('before.dts'), example('after.dts'), '-u');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^--- .*before\.dts\n\+\+\+ .*after\.dts\n@@ \//);
    expect(stdout).toMatch(/^- {2}ibm,shared-interrupt-pool = .*\n\+ {2}ibm,shared-interrupt-pool = /m);
  });
});

describe('audit', () => {
  const migrated = [
    '<6>[  100.000000] mobility: calling ibm,suspend-me on CPU 0',
    '<6>[  100.100000] mobility: CPU 0 waking all threads',
    '<5>[  100.200000] mobility: ignoring remove operation for /ibm,platform-facilities/ibm,random-v1:4294967285',
    '<5>[  100.300000] mobility: ignoring add operation for /ibm,platform-facilities',
  ].join('\n');

  test('names what may be stale, reports the migrations, and gives advice', async () => {
    const { status, stdout } = await run(auditCommand, await captured({ log: migrated }));
    expect(status).toBe(1);
    expect(stdout).toContain('migration 1: the partition moved; 1 delete ignored; 1 add ignored');
    expect(stdout).toContain('1 ignored update');
    expect(stdout).toContain('do: Restart the partition; or,');
    expect(stdout).toMatch(/no damage, but stale: 1 ignored update, .*\n$/);
    const allowed = await run(auditCommand, await captured({ log: migrated }), '--allow', 'ignored-update');
    expect(allowed.status).toBe(0);
  });

  test('with the wanted tree it names exactly what is not as it should be, secrets and this boot aside', async () => {
    const ofBoot = { name: 'linux,rtas-base', value: new Uint8Array([1]) };
    const { root } = partitionTree;
    const tree = { ...partitionTree, root: { ...root, properties: [...root.properties, ofBoot] } };
    const capture = await captured({ tree });
    const wanted = join(folder(), 'wanted');
    await writeDirectory(partitionTree, wanted);
    const clean = await run(auditCommand, capture, '--wanted', wanted, '--before', capture);
    expect(clean.status).toBe(0);
    // What another capture hides is not missing, and not gone either.
    const hides = await run(auditCommand, wanted, '--wanted', capture, '--before', wanted);
    expect(hides.status).toBe(0);
    writeFileSync(join(wanted, 'model'), 'IBM,9105-42A\0');
    const stale = await run(auditCommand, capture, '--wanted', wanted, '--json');
    expect(stale.status).toBe(1);
    const { verdict } = JSON.parse(stale.stdout);
    expect(verdict.findings.filter(({ rule }: { rule: string }) => rule === 'stale-property')).toMatchObject([
      {
        subject: '/model',
        remedy: expect.stringContaining('transplant plan'),
        fixedIn: null,
        why: expect.any(String),
      },
    ]);
  });

  test('damage, with a report for CI', async () => {
    const junit = join(folder(), 'junit.xml');
    const before = await captured();
    const { status, stdout } = await run(
      auditCommand,
      await captured({ dangling: ['ibm,random-v1'] }),
      '--before',
      before,
      '--junit',
      junit,
    );
    expect(status).toBe(1);
    expect(stdout).toContain('broken symbolic link');
    expect(stdout).toMatch(/damaged: 1 dangling link.*\n$/);
    expect(readFileSync(junit, 'utf8')).toMatch(
      /<testcase classname="[^"]+" name="dangling-link"><failure type="damage"/,
    );
  });

  test('nothing found in a capture with gaps is no clean bill', async () => {
    const path = await captured();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 8));
    const { status, stdout } = await run(auditCommand, path);
    expect(status).toBe(4);
    expect(stdout).toContain('the archive is truncated after ');
    expect(stdout).toMatch(/\ninconclusive: no damage found .*; missing: what could not be read \(.*\n$/);
  });

  test('a hostile name cannot drive the terminal', async () => {
    const log = '<4>[    1.000000] Duplicate name in \u001b[2Jcpus, renamed to "a#1"\n';
    const { stdout } = await run(auditCommand, await captured({ log }));
    expect(stdout).toContain('\\x1b[2Jcpus');
    expect(stdout).not.toContain('\u001b[2J');
  });
});

describe('audit of several captures', () => {
  const log = '[    5.000000] mobility: calling ibm,suspend-me on CPU 7\n';

  test('is a table with one row each; what cannot be read is a row too, and damage decides the status', async () => {
    const good = await captured({ log });
    const damaged = await captured({ dangling: ['ibm,random-v1'] });
    const none = join(folder(), 'none.tar.gz');
    const { status, stdout } = await run(auditCommand, good, none, damaged);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(status).toBe(1);
    expect(header).toMatch(/^capture +kernel +verdict +last migration +findings$/);
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      [good, '6.1.0-44-powerpc64le', expect.any(String), expect.any(String), expect.any(String)],
      [none, '-', '-', '-', 'cannot read: ENOENT'],
      [damaged, '6.1.0-44-powerpc64le', 'damaged', 'none in the log', expect.stringContaining('dangling')],
    ]);
    expect((await run(auditCommand, good, none)).status).toBe(2);
  });

  test('as JSON is a list', async () => {
    const path = await captured({ log });
    const { stdout } = await run(auditCommand, path, '/nowhere', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { verdict: { outcome: expect.any(String) } },
      { name: '/nowhere', error: 'cannot read: ENOENT' },
    ]);
  });

  test('with --summary prints the summary of each', async () => {
    const path = await captured({ log });
    const { stdout } = await run(auditCommand, '--summary', path, '/nowhere');
    expect(stdout).toMatch(
      /^\S+c\S*\nkernel 6\.1\.0.*\nhappened .*\n[\s\S]*\nrestart .*\n[\s\S]*\n\n\/nowhere: cannot read: ENOENT\n$/,
    );
    const one = await run(auditCommand, '--summary', path);
    expect(stdout.startsWith(one.stdout)).toBe(true);
    expect(one.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });

  test.each(['--before', '--wanted', '--report'])('%s works with one capture only', async (option) => {
    await expect(run(auditCommand, 'a', 'b', option, 'c')).rejects.toThrow(
      `${option} works with one capture only`,
    );
  });
});

test('explain: several logs are one, in order of time', async () => {
  const place = folder();
  writeFileSync(join(place, 'late'), 'Oct 18 10:00:09 h kernel: mobility: calling ibm,suspend-me on CPU 7\n');
  writeFileSync(join(place, 'early'), 'Oct 18 10:00:01 h kernel: Linux version 6.1.0 (x)\n');
  const { stdout } = await run(explainCommand, join(place, 'late'), join(place, 'early'), '--json');
  const story = JSON.parse(stdout);
  expect(story.lines).toBe(2);
  expect(story.migrations[0].steps[0].at).toBe(1);
});

test('explain: text, JSON and the log of a capture', async () => {
  const path = join(folder(), 'log');
  writeFileSync(path, 'mobility: calling ibm,suspend-me on CPU 7\nmobility: CPU 7 waking all threads\n');
  const { status, stdout } = await run(explainCommand, path);
  expect({ status, first: stdout.split('\n')[0] }).toEqual({
    status: 0,
    first: 'migration 1: the partition moved',
  });
  expect(JSON.parse((await run(explainCommand, path, '--json')).stdout)).toMatchObject({
    lines: 2,
    migrations: [{ outcome: 'moved' }],
  });
  expect((await run(explainCommand, await captured())).stdout).toContain('Linux 6.1.0 starts.');
  writeFileSync(path, 'nothing\n');
  expect((await run(explainCommand, path)).stdout).toBe('no known line among 1 line\n');
});

test('explain: a log without times is not given any', async () => {
  const log = join(folder(), 'log.txt');
  writeFileSync(log, 'mobility: calling ibm,suspend-me on CPU 7\n');
  const { stdout } = await run(explainCommand, log);
  expect(stdout).toMatch(/\n {2}mobility: calling ibm,suspend-me on CPU 7\n/);
  writeFileSync(log, '[    7.100000] mobility: calling ibm,suspend-me on CPU 7\n');
  expect((await run(explainCommand, log)).stdout).toContain('  [    7.100000] mobility: calling');
});

describe('plan', () => {
  test('text, JSON, script, and nothing to do', async () => {
    const [before, after] = [example('before.dts'), example('after.dts')];
    const text = await run(planCommand, before, after);
    expect(text.status).toBe(1);
    expect(text.stdout).toMatch(/4 properties to write, no restart needed\n$/);
    expect(JSON.parse((await run(planCommand, before, after, '--json')).stdout).steps).toHaveLength(4);
    expect((await run(planCommand, before, after, '--script')).stdout).toMatch(/^#!\/bin\/sh\n/);
    expect(await run(planCommand, after, after)).toEqual({
      status: 0,
      stdout: 'nothing to do\n',
      stderr: '',
    });
  });

  test('from a capture: its release, its secrets, its lockdown', async () => {
    const capture = await captured();
    const wanted = join(folder(), 'wanted');
    await writeDirectory(partitionTree, wanted);
    writeFileSync(join(wanted, 'model'), 'IBM,9105-42A\0');
    const { stdout } = await run(planCommand, '--from-capture', capture, wanted);
    expect(stdout).toContain("printf 'update_property 0xffffffff model 13 IBM,9105-42A\\000'");
    expect(stdout).toContain('leaks one reference to the node on 6.1.0-44-powerpc64le');
    expect(stdout).toMatch(
      /left alone \(set by this boot, or hidden in a capture\): 3\n\n1 property to write, no restart needed\n$/,
    );
  });

  test('no plan from a tree with gaps, nor from one tree', async () => {
    const path = await captured();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length >> 1));
    await expect(run(planCommand, path, example('after.dts'))).rejects.toThrow(
      'the tree is incomplete, so no plan can be made',
    );
    await expect(run(planCommand, example('after.dts'))).rejects.toThrow('a plan needs two trees');
    await expect(run(planCommand, '--from-capture', path)).rejects.toThrow(InputError);
  });

  test('--apply on files: shows, needs an answer, stops where the kernel does not follow, and can be resumed', async () => {
    const root = folder();
    mkdirSync(join(root, 'proc/ppc64'), { recursive: true });
    writeFileSync(join(root, 'proc/ppc64/ofdt'), '');
    const live = join(root, 'proc/device-tree');
    await writeDirectory((await readInput(example('before.dts'))).tree, live);
    const journal = join(root, 'journal');
    const apply = (...more: string[]) =>
      run(planCommand, live, example('after.dts'), '--apply', '--root', root, '--journal', journal, ...more);
    await expect(apply()).rejects.toThrow('standard input is no terminal');
    const stopped = await apply('--yes');
    expect(stopped.status).toBe(1);
    expect(stopped.stdout).toMatch(
      /4 properties to write, no restart needed\n1\/4 \/:system-id: written, but reads back differently; stopped\n$/,
    );
    await expect(apply('--yes')).rejects.toThrow('the journal of an interrupted apply');
    for (const [path, value] of [
      ['system-id', 'IBM,020000002\0'],
      ['ibm,platform-facilities/ibm,random-v1/ibm,shared-interrupt-pool', '/\xff\xff\x02'],
    ] as const)
      writeFileSync(join(live, path), value, 'latin1');
    const resumed = await run(planCommand, '--resume', '--yes', '--root', root, '--journal', journal);
    expect(resumed.stdout).toContain(
      '1/4 /:system-id: already has the wanted value\n2/4 /ibm,platform-facilities/ibm,random-v1:ibm,shared-interrupt-pool: already has the wanted value\n3/4 ',
    );
    expect(resumed.status).toBe(1);
  });

  test('--apply refuses a machine that is none of its own', async () => {
    await expect(
      run(planCommand, example('before.dts'), example('after.dts'), '--apply', '--yes'),
    ).rejects.toThrow(/^cannot apply: /);
  });
});
