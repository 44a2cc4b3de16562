import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cells, node, string, tree, writeDtb } from '../../src/devicetree/index.ts';
import { clientGroups } from '../../src/explore/index.ts';
import { policyChoices } from '../../src/migration/index.ts';
import { buildCli, type Ended, type RunOptions, transplant } from './built-cli.ts';

const example = resolve(import.meta.dirname, '../../examples/platform-facilities');
const [before, after] = [join(example, 'before.dts'), join(example, 'after.dts')] as const;

let folder = '';
/** A path in the temporary folder of this test file. */
const at = (name: string) => join(folder, name);
const run = (args: string, options: RunOptions = {}): Promise<Ended> =>
  transplant(args.split(' '), { cwd: folder, ...options });

const small = writeDtb(
  tree(node('', [string('model', 'm')], [node('a', [cells('phandle', 1)]), node('b', [])])),
);

beforeAll(() => {
  buildCli();
  folder = mkdtempSync(join(tmpdir(), 'transplant-cli-'));
  writeFileSync(at('small.dtb'), small);
  writeFileSync(at('escape.dtb'), writeDtb(tree(node('', [], [node('b\x1b[31m')]))));
  writeFileSync(at('cut.dtb'), small.subarray(0, 60));
  writeFileSync(at('empty'), '');
  mkdirSync(at('folder'));
  mkdirSync(at('gaps/node'), { recursive: true });
  writeFileSync(at('gaps/model'), 'm\0');
  symlinkSync('/etc/passwd', at('gaps/link'));
  writeFileSync(at('wrong.dts'), '/dts-v1/;\n/ {\n\ta = <1 2;\n};\n');
  writeFileSync(at('policy.yaml'), 'name: n\nbefore: small.dtb\nafter: small.dtb\npolicy: none\n');
  writeFileSync(at('same.yaml'), 'name: n\nbefore: small.dtb\nafter: small.dtb\nrelease: 5.10\n');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.concurrent('exit status', () => {
  test.each([
    ['migrate', 1],
    ['migrate --allow stale-property', 0],
    ['migrate --policy reconcile --release 5.10 --kernel-policy detach', 0],
    ['migrate same.yaml', 0],
    ['migrate gaps gaps', 2],
    [`diff ${before} ${after}`, 1],
    [`diff ${before} ${after} --ignore *:ibm,shared-interrupt-pool --ignore *:system-id`, 0],
    ['show gaps', 2],
    ['migrate --help', 0],
  ])('%s: %i', async (args, status) => {
    expect((await run(args)).status).toBe(status);
  });
});

/** Errors say what is wrong, where, and what to do. They print nothing on standard output and no stack trace. */
describe.concurrent('errors', () => {
  const known = 'detach, ignore, notify, rebind, attach-subtree, reconcile-in-kernel, reconcile';
  test.each([
    ['migrate nowhere', /^transplant: nowhere: no such scenario\nhint: examples are .*platform-facilities/],
    ['migrate folder', /^transplant: folder: holds no scenario\.yaml\nhint: .*BEFORE AFTER\n$/],
    ['migrate small.dtb', /^transplant: small\.dtb: is no scenario file.*\nhint: a tree needs a second one/],
    [
      'migrate policy.yaml',
      /^transplant: policy\.yaml:4:9: policy: expected one of .*\n {4}policy: none\n {12}\^\n/,
    ],
    ['migrate --times 0', /^transplant: --times takes a whole number from 1 to 100\n$/],
    ['migrate --policy none', new RegExp(`^transplant: --policy none: unknown\nhint: it takes ${known}\n$`)],
    ['migrate --allow everything', /^transplant: --allow everything: no such rule\nhint: `transplant rules`/],
    [
      'migrate --kernel debian:6.1 --seed 3',
      /^transplant: --seed works only on the modelled kernel\nhint: remove --seed or --kernel\n$/,
    ],
    ['migrate --bogus', /^transplant: unknown option '--bogus'\nhint: see transplant migrate --help\n$/],
    [
      'migrate same.yaml --junit nowhere/x.xml',
      /^transplant: nowhere\/x\.xml: cannot write: no such file or dir/,
    ],
    ['bogus', /^transplant: unknown command 'bogus'\nhint: see transplant --help\n$/],
    ['show', /^transplant: missing required argument 'tree'\nhint: see transplant show --help/],
    ['show empty', /^transplant: empty:1:1.*\n[\s\S]*hint: begin the source with \/dts-v1\/;\n$/],
    [
      'show cut.dtb',
      /^transplant: cut\.dtb, offset 60: truncated: the header says \d+ bytes, there are 60\n$/,
    ],
    ['show wrong.dts', /^transplant: wrong\.dts:3:\d+.*expected an integer.*\n.*a = <1 2;\n\s+\^\n$/],
    ['show small.dtb /c', /^transplant: small\.dtb, \/c: no such node\nhint: .*--names/],
    [
      'convert small.dtb -o small.foo',
      /^transplant: the name small\.foo does not say which form.*\nhint: add --to /,
    ],
    [
      'convert small.dtb -o nowhere/x.dtb',
      /^transplant: nowhere\/x\.dtb: cannot write: no such file or directory\n$/,
    ],
    ['convert small.dtb -o gaps/', /^transplant: gaps\/: there is something already\nhint: /],
    ['diff - -', /^transplant: standard input can be read only once\nhint: /],
    [
      'completion tcsh',
      /^transplant: .*Allowed choices are bash, zsh, fish\.\nhint: see transplant completion --help/,
    ],
  ])('%s', async (args, message) => {
    const { status, stdout, stderr } = await run(args);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

/** Names of the commands that a help text lists, in whatever group. */
const listed = (help: string) =>
  Array.from(help.matchAll(/^ {2}([a-z]\S*)(?: .*)?$/gm), (found) => String(found[1]));

describe.concurrent('help', () => {
  const tooWide = (text: string) => text.split('\n').filter((line) => line.length > 80);

  test('of every command fits into 80 columns', async () => {
    const top = await run('--help');
    const commands = listed(top.stdout);
    expect(commands).toEqual(expect.arrayContaining(['migrate', 'lab', 'completion', 'help']));
    const below: string[] = [];
    for (const group of ['lab', 'campaign'])
      below.push(...listed((await run(`${group} --help`)).stdout).map((name) => `${group} ${name}`));
    expect(below).toEqual(expect.arrayContaining(['lab doctor', 'campaign status']));
    expect(tooWide(top.stdout)).toEqual([]);
    const helps = await Promise.all([...commands, ...below].map((name) => run(`${name} --help`)));
    expect(helps.flatMap(({ stdout }) => tooWide(stdout))).toEqual([]);
  });

  test('names all policies and client groups', async () => {
    const { stdout } = await run('explore --help');
    const words = stdout.replaceAll(/\s+/g, ' ');
    const list = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
    expect(words).toContain(`facilities: ${list(policyChoices)} (default`);
    expect(words).toContain(`migration: ${Object.keys(clientGroups).join(', ')} (with commas) or none`);
  });

  test('of faults and of the capture script fits into 80 columns', async () => {
    const { stdout } = await run('migrate --fault help');
    expect([stdout.match(/^busy {2}.*/m)?.length, tooWide(stdout)]).toEqual([1, []]);
    const script = (await run('capture --script')).stdout;
    expect(tooWide(/<<'TEXT'\n([\s\S]*?)\nTEXT/.exec(script)?.[1] ?? 'x'.repeat(81))).toEqual([]);
  });
});

describe.concurrent('device trees', () => {
  test('a blob converted to source and back has the same bytes', async () => {
    const source = await run('convert small.dtb -t dts');
    const back = await run('convert - -t dtb -o back.dtb', { stdin: Buffer.from(source.stdout, 'utf8') });
    expect([source.status, back.status, back.stderr]).toEqual([0, 0, '']);
    expect(readFileSync(at('back.dtb')).equals(small)).toBe(true);
  });

  test('a tree and the folder written from it do not differ', async () => {
    expect(await run(`convert ${before} -o tree/`)).toEqual({ status: 0, stdout: '', stderr: '' });
    const { status, stdout } = await run(`diff ${before} tree`);
    expect([status, stdout]).toEqual([0, 'no difference\n']);
  });

  test('a failed write leaves no file behind', async () => {
    mkdirSync(at('target'));
    mkdirSync(at('target/x.dtb'));
    const { status, stderr } = await run('convert small.dtb -o target/x.dtb');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^transplant: target\/x\.dtb: cannot write: /),
    ]);
    expect(readdirSync(at('target'))).toEqual(['x.dtb']);
  });

  test('files that cannot be read are reported', async () => {
    const { stderr } = await run('migrate gaps small.dtb');
    expect(stderr).toContain('not read: gaps: /link: symbolic link: left out\n');
  });

  test('control characters in names do not reach the terminal', async () => {
    for (const args of [
      'show escape.dtb --names',
      'diff small.dtb escape.dtb',
      'show escape.dtb',
      'show small.dtb /\x1b[2J',
    ]) {
      const { stdout, stderr } = await run(args);
      expect(stdout + stderr).not.toContain('\x1b');
    }
  });

  test('a blob prints the same from a file and from a pipe', async () => {
    const [file, pipe] = await Promise.all([run('show small.dtb'), run('show -', { stdin: small })]);
    expect(file).toEqual(pipe);
    expect(file).toMatchObject({ status: 0, stdout: expect.stringContaining('model = "m";') });
    const [cut, none] = await Promise.all([run('show cut.dtb'), run('show none.dtb')]);
    expect([cut.status, none.status]).toEqual([2, 2]);
    expect(none.stderr).toMatch(/^transplant: none\.dtb: cannot read: /);
  });

  test('show prints the subtree at a path', async () => {
    const { stdout } = await run(`show ${before} /ibm,platform-facilities/ibm,random-v1`);
    expect(stdout).toMatch(/^\/dts-v1\/;\n\n\/ \{\n\tibm,random-v1 \{\n\t\tcompatible = "ibm,random";\n/);
  });
});

describe.concurrent('output for programs', () => {
  const json = async (args: string) => JSON.parse((await run(`${args} --json`)).stdout) as unknown;

  test('--json prints complete JSON', async () => {
    const [migrated, compared, shown, differences, rules] = await Promise.all(
      ['migrate', 'compare', 'show small.dtb', `diff ${before} ${after}`, 'rules'].map(json),
    );
    expect(migrated).toMatchObject({
      format: 'transplant-run',
      verdict: { outcome: 'stale' },
      ledger: expect.any(Array),
    });
    expect(compared).toHaveLength(7);
    expect(shown).toMatchObject({ root: { properties: { model: '6d00' } } });
    expect(differences).toHaveLength(4);
    expect(rules).toContainEqual(expect.objectContaining({ name: 'lost-node', severity: 'damage' }));
  });

  test('--junit has one failure for each rule with findings', async () => {
    await run('migrate --junit verdict.xml');
    const xml = readFileSync(at('verdict.xml'), 'utf8');
    expect(xml.match(/<failure type="[^"]*" message="[^"]*"/g)).toEqual([
      '<failure type="stale" message="3 × stale property"',
    ]);
  });

  test('--junit of audit-drivers has one failure for each property that a driver keeps', async () => {
    const { status } = await run('audit-drivers --junit drivers.xml');
    const xml = readFileSync(at('drivers.xml'), 'utf8');
    expect([status, xml.match(/<failure type="stale"/g)?.length]).toEqual([1, 8]);
    expect(xml).toContain('<testsuite name="platform-facilities ibm,random-v1" tests="3" failures="0">');
  });

  test('view writes the same page from a file and from standard input', async () => {
    const { stdout } = await run('migrate --json');
    writeFileSync(at('run.json'), stdout);
    const [file, pipe, named] = await Promise.all([
      run('view run.json --no-open'),
      run('view - --no-open', { stdin: stdout }),
      run('view - --no-open -o named.html', { stdin: stdout }),
    ]);
    expect([file, pipe, named]).toEqual(
      ['run', 'transplant-run', 'named'].map((name) => ({ status: 0, stdout: '', stderr: `${name}.html\n` })),
    );
    const page = readFileSync(at('run.html'), 'utf8');
    expect(page).toMatch(/id="data">\{.*"platform-facilities"/);
    expect(readFileSync(at('transplant-run.html'), 'utf8')).toBe(page);
    expect(readFileSync(at('named.html'), 'utf8')).toBe(page);
    expect(await run('view - --no-open', { stdin: 'no' })).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^transplant: <stdin>: not JSON: /),
    });
  });

  test('colours are off by default without a terminal; FORCE_COLOR turns them on, NO_COLOR off', async () => {
    const paints = async (env: Record<string, string>) =>
      (await run('diff small.dtb empty.dtb', { env })).stdout;
    writeFileSync(at('empty.dtb'), writeDtb(tree(node(''))));
    expect(await paints({})).not.toContain('\x1b');
    expect(await paints({ FORCE_COLOR: '1' })).toContain('\x1b[31m');
    expect(await paints({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain('\x1b');
  });

  test('completion lists commands, options and the subcommands of lab', async () => {
    const { stdout } = await run('completion bash');
    expect(stdout).toMatch(/'migrate'\*\) words='--release --policy /);
    expect(stdout).toMatch(/'lab'\*\) words='setup kernels doctor clean/);
    expect(stdout.indexOf("'lab setup'*")).toBeLessThan(stdout.indexOf("'lab'*"));
  });
});
