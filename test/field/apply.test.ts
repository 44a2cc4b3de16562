import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeDirectory } from '../../src/devicetree/directory.ts';
import { cells, flag, joinPath, node, string, type Tree, tree } from '../../src/devicetree/index.ts';
import {
  applyPlan,
  beginJournal,
  type LiveTree,
  openLiveTree,
  type Progress,
  planChanges,
  planScript,
  printfFormat,
  resumeJournal,
} from '../../src/field/index.ts';
import { SEED } from '../support/trees.ts';
import { folder } from './machine.ts';
import { runShell, shells, testWith } from './programs.ts';

const root = (...properties: Parameters<typeof node>[1] & object[]): Tree =>
  tree(node('', [cells('ibm,phandle', 0xffffffff)], [node('a', [cells('ibm,phandle', 7), ...properties])]));
const running = root(string('gone', 'x'), string('old', 'a'), {
  name: 'lines',
  value: new Uint8Array([10, 39, 0, 37, 92, 10]),
});
const wanted = root(
  string('old', 'b'),
  { name: 'lines', value: new Uint8Array([45, 10, 10, 37, 115, 0, 255]) },
  flag('new'),
);
const plan = planChanges(running, wanted);

/** A kernel as small as can be: takes the commands of plans as they are written, by the grammar of kernels. */
class Small implements LiveTree {
  readonly values = new Map<string, Uint8Array>();
  readonly writes: string[] = [];
  broken: 'refuses' | 'forgets' | undefined;

  constructor(of: Tree) {
    const [a] = of.root.children;
    for (const { name, value } of a?.properties ?? []) this.values.set(`/a/${name}`, value);
  }

  read(property: string) {
    return this.values.get(property);
  }

  write(command: Uint8Array) {
    const text = Buffer.from(command).toString('latin1');
    this.writes.push(text);
    if (this.broken === 'refuses') throw Object.assign(new Error('no'), { code: 'EINVAL' });
    if (this.broken === 'forgets') return;
    const remove = /^remove_property 0x7 (\S+)$/.exec(text);
    const update = /^update_property 0x7 (\S+) (\d+) (.*)$/s.exec(text);
    if (remove) this.values.delete(`/a/${remove[1]}`);
    else if (update)
      this.values.set(
        `/a/${update[1]}`,
        new Uint8Array(Buffer.from((update[3] ?? '').slice(0, Number(update[2])), 'latin1')),
      );
    else throw new Error(text);
  }
}

const forgetful = (): Progress & { seen: string[] } => {
  const seen: string[] = [];
  return {
    seen,
    done: new Set(),
    begun: (step) => seen.push(`begun ${step}`),
    finished: (step) => seen.push(`finished ${step}`),
  };
};

describe('apply', () => {
  test('writes step by step and reads back', () => {
    const live = new Small(running);
    const progress = forgetful();
    const said: string[] = [];
    expect(applyPlan(plan, live, progress, (line) => said.push(line)).outcome).toBe('applied');
    expect(said).toEqual(['1/4 /a:old: done', '2/4 /a:lines: done', '3/4 /a:new: done', '4/4 /a:gone: done']);
    expect(progress.seen).toEqual([0, 1, 2, 3].flatMap((step) => [`begun ${step}`, `finished ${step}`]));
    expect(Array.from(live.values.keys())).toEqual(['/a/ibm,phandle', '/a/old', '/a/lines', '/a/new']);
    live.writes.length = 0;
    applyPlan(plan, live, forgetful(), () => {});
    expect(live.writes).toEqual([]);
  });

  test.each<[string, (live: Small) => void, string]>([
    [
      'the kernel refuses',
      (live) => {
        live.broken = 'refuses';
      },
      '1/4 /a:old: the kernel refused the command (EINVAL); stopped',
    ],
    [
      'it does not read back',
      (live) => {
        live.broken = 'forgets';
      },
      '1/4 /a:old: written, but reads back differently; stopped',
    ],
    [
      'another process has changed it',
      (live) => live.values.set('/a/old', new Uint8Array([1])),
      '1/4 /a:old: has neither its old nor its wanted value; stopped',
    ],
    [
      'another process has removed it',
      (live) => live.values.delete('/a/old'),
      '1/4 /a:old: has neither its old nor its wanted value; stopped',
    ],
  ])('stops at the first surprise: %s', (_, upset, last) => {
    const live = new Small(running);
    upset(live);
    const result = applyPlan(plan, live, forgetful(), () => {});
    expect(result).toEqual({ outcome: 'stopped', log: [last] });
    expect(live.writes.length).toBeLessThan(2);
  });

  test('an interruption at any point can be resumed, and nothing is written twice', async () => {
    for (let stopAt = 0; stopAt <= plan.steps.length; stopAt += 1) {
      for (const after of [false, true]) {
        const path = join(folder(), 'journal');
        const live = new Small(running);
        const write = live.write.bind(live);
        live.write = (command) => {
          // Power fails before the kernel receives the command, or before its result is known.
          if (live.writes.length === stopAt && !after) throw new Error('power');
          write(command);
          if (live.writes.length === stopAt + 1 && after) throw new Error('power');
        };
        const journal = await beginJournal(path, plan);
        const first = applyPlan(plan, live, journal, () => {});
        journal.close();
        expect(first.outcome).toBe(stopAt < plan.steps.length ? 'stopped' : 'applied');
        live.write = write;
        if (stopAt < plan.steps.length)
          await expect(beginJournal(path, plan)).rejects.toThrow('the journal of an interrupted apply');
        const resumed = await resumeJournal(path);
        expect(resumed.plan).toEqual(plan);
        expect(applyPlan(resumed.plan, live, resumed, () => {}).outcome).toBe('applied');
        resumed.close();
        expect(live.writes).toHaveLength(plan.steps.length);
        (await beginJournal(path, plan)).close();
      }
    }
  });

  test('a step that was done and has changed since stops the apply', () => {
    const live = new Small(running);
    const result = applyPlan(plan, live, { ...forgetful(), done: new Set([0]) }, () => {});
    expect(result.log).toEqual(['1/4 /a:old: was written earlier and has changed since; stopped']);
  });

  test('a journal that is none is refused, one whose last line was cut short is not', async () => {
    const path = join(folder(), 'journal');
    writeFileSync(path, 'nonsense');
    await expect(resumeJournal(path)).rejects.toThrow('not a journal of transplant plan --apply');
    await expect(resumeJournal(join(folder(), 'none'))).rejects.toThrow('cannot read: ENOENT');
    const journal = await beginJournal(join(folder(), 'j'), plan);
    journal.begun(0);
    journal.finished(0);
    journal.close();
    const cut = `${JSON.stringify({ format: 'transplant-plan', version: 2, steps: [], needsRestart: [], leftAlone: [], obstacles: [] })}\nbegun 0\nfinis`;
    writeFileSync(path, cut);
    expect((await resumeJournal(path)).done.size).toBe(0);
  });

  test('only as root on a Power machine', () => {
    expect(() => openLiveTree('', { arch: 'x64', getuid: () => 0 })).toThrow(
      'cannot apply: this is not a Power machine but x64',
    );
    expect(() => openLiveTree('', { arch: 'ppc64', getuid: () => 1000 })).toThrow(
      'cannot apply: you are not root',
    );
    expect(() => openLiveTree(folder(), { arch: 'x64' })).toThrow('/proc/ppc64/ofdt');
  });
});

for (const shell of shells) {
  testWith(shell.program, `printf under ${shell.name} writes any bytes unchanged`, () => {
    const values = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 60 }), { seed: SEED, numRuns: 150 });
    const place = folder();
    writeFileSync(join(place, 's.sh'), values.map((value) => `printf '${printfFormat(value)}'\n`).join(''));
    const { stdout } = runShell(shell, place, join(place, 's.sh'), []);
    expect(stdout).toBe(Buffer.concat(values).toString('latin1'));
  });
}

/** Takes one command as the kernel does, and puts it into files: a kernel for scripts. */
const kernelForScripts = (place: string) => `
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
const text = readFileSync(0, 'latin1');
appendFileSync(${JSON.stringify(join(place, 'writes'))}, JSON.stringify(text) + '\\n');
const at = (name) => ${JSON.stringify(join(place, 'proc/device-tree/a/'))} + name;
const remove = /^remove_property 0x7 (\\S+)$/.exec(text);
const update = /^update_property 0x7 (\\S+) (\\d+) (.*)$/s.exec(text);
if (remove) rmSync(at(remove[1]));
else if (update) writeFileSync(at(update[1]), update[3].slice(0, Number(update[2])), 'latin1');
else process.exit(1);
`;

describe('the script of a plan', () => {
  testWith('shellcheck', 'passes shellcheck', () => {
    const run = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: planScript(plan), encoding: 'latin1' });
    expect(run.stdout).toBe('');
  });

  describe.each(shells)('under $name', (shell) => {
    async function place(of: Tree) {
      const root = folder();
      mkdirSync(join(root, 'proc/ppc64'), { recursive: true });
      writeFileSync(join(root, 'proc/ppc64/ofdt'), '');
      await writeDirectory(of, join(root, 'proc/device-tree'));
      mkdirSync(join(root, 'kernel'));
      writeFileSync(join(root, 'kernel/kernel.mjs'), kernelForScripts(root));
      const dd = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'kernel/kernel.mjs')}'\n`;
      writeFileSync(join(root, 'kernel/dd'), dd);
      chmodSync(join(root, 'kernel/dd'), 0o755);
      writeFileSync(join(root, 'plan.sh'), planScript(plan), 'latin1');
      return root;
    }

    testWith(shell.program, 'writes what the plan says, and again does nothing', async () => {
      const at = await place(running);
      const run = () => runShell(shell, at, join(at, 'plan.sh'), [at], join(at, 'kernel'));
      expect(run()).toMatchObject({
        status: 0,
        stdout: '/a/old: done\n/a/lines: done\n/a/new: done\n/a/gone: done\n',
        stderr: '',
      });
      const writes = readFileSync(join(at, 'writes'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(writes).toEqual(plan.steps.map(({ write }) => Buffer.from(write).toString('latin1')));
      for (const { path, name, to } of plan.steps)
        if (to)
          expect(new Uint8Array(readFileSync(join(at, 'proc/device-tree', joinPath(path, name))))).toEqual(
            to,
          );
      expect(
        runShell({ ...shell, busybox: false, program: 'sh' }, at, join(at, 'plan.sh'), [at]).stdout,
      ).toContain('/a/gone: already has the wanted value');
    });

    testWith(shell.program, 'stops at the first surprise', async () => {
      const at = await place(root(string('old', 'other')));
      const run = runShell(shell, at, join(at, 'plan.sh'), [at], join(at, 'kernel'));
      expect(run).toMatchObject({
        status: 1,
        stdout: '',
        stderr: '/a/old: has neither its old nor its wanted value; stopped\n',
      });
    });

    testWith(shell.program, 'gives a command to the kernel in one write, newlines and all', async () => {
      const at = await place(running);
      const one = planChanges(
        running,
        root(string('gone', 'x'), string('old', 'a'), {
          name: 'lines',
          value: new Uint8Array(3000).fill(10),
        }),
      );
      writeFileSync(join(at, 'plan.sh'), planScript(one), 'latin1');
      const { status, stderr } = runShell(shell, at, join(at, 'plan.sh'), [at]);
      // Without a kernel behind it the file keeps what was written, and the property stays as it was.
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: '/a/lines: written, but reads back differently; stopped\n',
      });
      expect(readFileSync(join(at, 'proc/ppc64/ofdt'), 'latin1')).toBe(
        `update_property 0x7 lines 3000 ${'\n'.repeat(3000)}`,
      );
    });
  });
});
