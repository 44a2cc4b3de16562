import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as peer from 'tar';
import { describe, expect, test } from 'vitest';
import { writeDirectory } from '../../src/devicetree/directory.ts';
import { cells, findByPath, node, string, type Tree, tree } from '../../src/devicetree/index.ts';
import { audit, readCapture, readInput, readLogInput, writeCapture } from '../../src/field/index.ts';
import { SEED } from '../support/trees.ts';
import { folder, machine } from './machine.ts';

const small: Tree = tree(
  node(
    '',
    [string('model', 'IBM,9080-HEX'), cells('ibm,phandle', 0xffffffff)],
    [node('cpus', [cells('reg', 7)])],
  ),
);

/** Files of a folder by path; a text that begins with `->` is a link. */
type Files = Readonly<Record<string, string | Uint8Array>>;

/** @param treeAt where the device tree is; none if absent */
async function unpacked(files: Files, treeAt?: string): Promise<string> {
  const root = folder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (typeof content === 'string' && content.startsWith('->'))
      symlinkSync(content.slice(2), join(root, path));
    else writeFileSync(join(root, path), content);
  }
  if (treeAt !== undefined) {
    mkdirSync(dirname(join(root, treeAt)), { recursive: true });
    await writeDirectory(small, join(root, treeAt));
  }
  return root;
}

/** Packs a folder as `tar -C FOLDER -czf` does. */
async function packed(root: string, prefix = ''): Promise<string> {
  const file = join(folder(), 'support.tar.gz');
  await peer.create({ file, cwd: root, gzip: true, portable: true, ...(prefix !== '' && { prefix }) }, ['.']);
  return file;
}

/** Reads a folder, and the archive of it, which must be the same. */
async function read(root: string) {
  const capture = await readCapture(root);
  const archive = await readCapture(await packed(root));
  expect({ ...archive, name: '' }).toEqual({ ...capture, name: '' });
  return { ...capture, kind: (await readInput(root).catch(() => undefined))?.kind };
}

const texts = (capture: { observation: { log: readonly { text: string }[] } }) =>
  capture.observation.log.map(({ text }) => text);

const BOOT = 'Linux version 5.3.18-150300.59.90-default (geeko@buildhost) #1 SMP';
const DMESG = `[    0.000000] ${BOOT}\n[   12.500000] mobility: Failed lookup: phandle 0xfffffff6 for action 0x2000000\n`;
const DATED = `[Wed Oct 20 12:34:50 2021] ${BOOT}\n[Wed Oct 20 12:39:50 2021] calling ibm,suspend-me on cpu 3\n`;
const MESSAGES = `Oct 20 12:00:00 north kernel: ${BOOT}
Oct 20 12:10:00 north systemd[1]: Started Session 1 of user root.
Oct 20 12:39:39 north drmgr: drmgr: -m -c pmig -p pre -s 0xd7 -t 19
Oct 20 12:39:40 north kernel: ibmvscsi 30000002: Re-enabling adapter!
Oct 20 12:39:44 north drmgr: drmgr: migration rc 0
`;
const DRMGR = `########## Oct 20 12:39:39 2021 ##########
drmgr: -m -c pmig -p pre -s 0xd7a884f83d830e6d -t 19 -n -d 1 5
Kernel migration returned 95
########## Oct 20 12:39:40 2021 ##########
`;
const BOOT_TXT = `
#==[ Command ]======================================#
# /bin/uname -a
Linux north 5.3.18-150300.59.90-default #1 SMP ppc64le

#==[ Command ]======================================#
# /usr/bin/journalctl --boot=0 --no-pager --disk-usage
Archived and active journals take up 8.0M in the file system.

#==[ Command ]======================================#
# /bin/dmesg -T
${DATED}
#==[ Command ]======================================#
# /usr/bin/last -wxF
reboot   system boot
`;

describe('support archives', () => {
  test('a sosreport: the ring buffer, the release, what drmgr logged to syslog', async () => {
    const capture = await read(
      await unpacked(
        {
          'sosreport-north/sos_commands/kernel/dmesg': DMESG,
          'sosreport-north/sos_commands/kernel/dmesg_-T': DATED,
          'sosreport-north/dmesg': '->sos_commands/kernel/dmesg',
          'sosreport-north/var/log/messages': MESSAGES,
          'sosreport-north/proc/version': 'Linux version 5.14.0-427.el9.ppc64le (mockbuild)\n',
          'sosreport-north/etc/shadow': 'root:x\n',
        },
        'sosreport-north/proc/device-tree',
      ),
    );
    expect(capture.kind).toBe('sosreport');
    expect(capture.observation.platform).toMatchObject({
      release: '5.14.0-427.el9.ppc64le',
      description: 'from a sosreport',
    });
    expect(findByPath(capture.observation.tree, '/cpus')).toBeDefined();
    expect(texts(capture)).toEqual([
      BOOT,
      'mobility: Failed lookup: phandle 0xfffffff6 for action 0x2000000',
      'drmgr: drmgr: -m -c pmig -p pre -s 0xd7 -t 19',
      'drmgr: drmgr: migration rc 0',
    ]);
  });

  test.each([
    ['the journal alone', 'sos_commands/logs/journalctl_--no-pager_--boot', MESSAGES],
    ['the journal of older versions', 'sos_commands/logs/journalctl_--no-pager_--catalog_--boot', MESSAGES],
    ['the end of a large journal', 'sos_strings/logs/journalctl_--no-pager.tailed', MESSAGES],
    ['messages alone', 'var/log/messages', MESSAGES],
    ['the end of large messages', 'sos_strings/logs/var.log.messages.tailed', MESSAGES],
    ['a rotated log that is packed', 'var/log/messages-20211020.gz', gzipSync(MESSAGES)],
  ])('a sosreport with %s', async (_, path, content) => {
    for (const withTree of [true, false]) {
      const capture = await read(
        await unpacked({ [`sos/${path}`]: content }, withTree ? 'sos/proc/device-tree' : undefined),
      );
      expect(capture.hasTree).toBe(withTree);
      expect(texts(capture)).toEqual([
        BOOT,
        'drmgr: drmgr: -m -c pmig -p pre -s 0xd7 -t 19',
        'ibmvscsi 30000002: Re-enabling adapter!',
        'drmgr: drmgr: migration rc 0',
      ]);
      expect(capture.observation.platform.release).toBe('5.3.18-150300.59.90-default');
    }
  });

  test('the journal of the boot before, and of one unit, is not the log', async () => {
    const root = await unpacked(
      {
        'sos/sos_commands/logs/journalctl_--no-pager_--boot_-1': MESSAGES,
        'sos/sos_commands/logs/journalctl_--no-pager_--unit_x': MESSAGES,
        'sos/sos_commands/logs/journalctl_--list-boots': MESSAGES,
      },
      'sos/proc/device-tree',
    );
    expect((await read(root)).observation.log).toEqual([]);
  });

  test('a supportconfig: boot.txt, ppc64/device-tree, ppc64/drmgr', async () => {
    const files = { 'scc_north_251020/boot.txt': BOOT_TXT, 'scc_north_251020/ppc64/drmgr': DRMGR };
    const capture = await read(await unpacked(files, 'scc_north_251020/ppc64/device-tree'));
    expect(capture.kind).toBe('supportconfig');
    expect(capture.observation.platform.release).toBe('5.3.18-150300.59.90-default');
    expect(findByPath(capture.observation.tree, '/cpus')).toBeDefined();
    const lines = texts(capture);
    expect(lines[0]).toBe(BOOT);
    expect(lines.indexOf('Kernel migration returned 95')).toBeGreaterThan(0);
    expect(lines.at(-1)).toBe('calling ibm,suspend-me on cpu 3');
    expect(lines.join('\n')).not.toMatch(/reboot|Archived/);
  });

  test('boot.txt of a supportconfig by itself, and its messages.txt', async () => {
    const boot = join(await unpacked({ 'boot.txt': BOOT_TXT.trimStart() }), 'boot.txt');
    expect((await readLogInput(boot)).log.map(({ text }) => text)).toEqual([
      BOOT,
      'calling ibm,suspend-me on cpu 3',
    ]);
    const messages = `#==[ Log File ]=====================================#\n# /var/log/messages - Last 500 Lines\n${MESSAGES}`;
    const capture = await read(await unpacked({ 'scc/messages.txt': messages }, 'scc/ppc64/device-tree'));
    expect(texts(capture)).toContain('ibmvscsi 30000002: Re-enabling adapter!');
  });

  test('a snap: its own copies of /proc and /var/log', async () => {
    const capture = await read(
      await unpacked(
        {
          'ibmsupt/snap_commands/lscfg.out': 'INSTALLED RESOURCE LIST\n',
          'ibmsupt/var/log/messages': MESSAGES,
          'ibmsupt/proc/sys/kernel/osrelease': '4.12.14-197-default\n',
        },
        'ibmsupt/proc/device-tree',
      ),
    );
    expect(capture.kind).toBe('snap');
    expect(capture.observation.platform.release).toBe('4.12.14-197-default');
    expect(texts(capture)).toContain('drmgr: drmgr: migration rc 0');
  });

  test.each([
    'dmesg.txt',
    'dmesg',
    'logs/dmesg.log',
    'kernel.log',
    'var/log/messages',
    'messages.1.gz',
    'syslog',
    'kern.log',
  ])('a plain folder with proc/device-tree and %s', async (path) => {
    const content = path.endsWith('.gz') ? gzipSync(DMESG) : DMESG;
    const capture = await read(await unpacked({ [path]: content }, 'proc/device-tree'));
    expect(texts(capture)[0]).toBe(BOOT);
    expect(capture.observation.unread).toEqual([]);
  });

  test('the folder of an unpacked capture is checked as the archive is', async () => {
    const archive = join(folder(), 'c.tar.gz');
    writeFileSync(
      archive,
      writeCapture({ root: await machine({ dangling: ['ibm,random-v1'] }), by: 'test' }).bytes,
    );
    const root = folder();
    await peer.extract({ file: archive, cwd: root });
    const capture = await readCapture(root);
    expect({ ...capture, name: '' }).toEqual({ ...(await readCapture(archive)), name: '' });
    expect({ ...(await readCapture(join(root, 'transplant-capture'))), name: '' }).toEqual({
      ...capture,
      name: '',
    });
    expect(audit(capture).verdict.outcome).toBe('damaged');
    writeFileSync(join(root, 'transplant-capture/kernel.log'), 'changed');
    writeFileSync(join(root, 'transplant-capture/sys/firmware/devicetree/base/model'), 'changed');
    expect((await readCapture(root)).observation.unread).toEqual([
      'kernel.log: not as it was captured',
      'sys/firmware/devicetree/base/model: not as it was captured',
    ]);
  });

  test('links are not followed, and are named where they are in the tree', async () => {
    const root = await unpacked(
      { 'm/dmesg.txt': '->/etc/passwd', 'm/var/log': '->/var/log' },
      'm/proc/device-tree',
    );
    symlinkSync('/etc/passwd', join(root, 'm/proc/device-tree/stolen'));
    const capture = await read(root);
    expect(capture.observation).toMatchObject({
      log: [],
      unread: ['m/proc/device-tree/stolen: link, ignored'],
    });
  });

  test('of two machines the other is named', async () => {
    const root = await unpacked({ 'b/dmesg.txt': DMESG }, 'a/proc/device-tree');
    await writeDirectory(small, join(root, 'b-tree'));
    mkdirSync(join(root, 'b/proc'));
    await writeDirectory(small, join(root, 'b/proc/device-tree'));
    expect((await read(root)).observation).toMatchObject({
      log: [],
      unread: ['b: another machine, ignored'],
    });
  });

  test('the outermost machine is read, however much more a deeper one has', async () => {
    const root = await unpacked({ 'a/dmesg.txt': DMESG }, 'a/b/proc/device-tree');
    mkdirSync(join(root, 'a/proc/device-tree'), { recursive: true });
    writeFileSync(join(root, 'a/proc/device-tree/model'), 'outer\0');
    const { observation } = await read(root);
    expect(observation.tree.root.properties.map(({ name }) => name)).toEqual(['model']);
    expect(observation.tree.root.children).toEqual([]);
    expect(observation).toMatchObject({ unread: [] });
    expect(observation.log).toHaveLength(2);
  });

  test('a damaged log in an archive is named, and the rest is read', async () => {
    const broken = gzipSync(MESSAGES.repeat(50));
    const root = await unpacked(
      { 'var/log/messages-1.gz': broken.subarray(0, broken.length >> 1), 'dmesg.txt': DMESG },
      'proc/device-tree',
    );
    const { observation } = await read(root);
    expect(observation.unread).toEqual(['var/log/messages-1.gz: the compressed log is truncated']);
    expect(observation.log[0]?.text).toBe(BOOT);
  });

  test('what is neither tree nor log is refused', async () => {
    const root = await unpacked({
      'README.md': '# A readme\n\nNothing here.\n',
      empty: '',
      'src/index.ts': 'x',
    });
    await expect(readCapture(root)).rejects.toThrow('neither a device tree nor a kernel log in it');
    await expect(readCapture(await packed(root))).rejects.toThrow(
      'neither a device tree nor a kernel log in it',
    );
    await expect(readCapture(join(root, 'README.md'))).rejects.toThrow(
      'neither a device tree nor a kernel log: ',
    );
    await expect(readCapture(join(root, 'empty'))).rejects.toThrow('the file is empty');
  });

  test('a log by itself is a machine without a tree', async () => {
    const root = await unpacked({ 'dmesg.txt': DMESG, 'dmesg.txt.gz': gzipSync(DMESG) });
    for (const name of ['dmesg.txt', 'dmesg.txt.gz']) {
      const capture = await readCapture(join(root, name));
      expect(capture).toMatchObject({ hasTree: false, gaps: ['there is no device tree in it'] });
      expect(capture.observation.platform).toMatchObject({
        release: '5.3.18-150300.59.90-default',
        description: 'a kernel log alone',
      });
      expect(audit(capture).story.others.map(({ name }) => name)).toContain('boot');
    }
    await expect(readInput(join(root, 'dmesg.txt.gz'))).rejects.toThrow();
  });
});

test('a folder is read exactly as its archive, whatever is in it', async () => {
  const logs: Readonly<Record<string, string | Uint8Array>> = {
    'sos_commands/kernel/dmesg': DMESG,
    'sos_commands/logs/journalctl_--no-pager_--boot': MESSAGES,
    'boot.txt': BOOT_TXT,
    'kernel.log': DMESG,
    'dmesg.txt': DATED,
    'logs/journal.txt': MESSAGES,
    'var/log/messages': MESSAGES,
    'var/log/messages-20211019.gz': gzipSync(MESSAGES.replaceAll('Oct 20', 'Oct 19')),
    'var/log/dmesg': DMESG,
    'var/log/drmgr': DRMGR,
    'ppc64/drmgr': DRMGR,
    'snap_commands/lscfg.out': 'x',
    'etc/passwd': 'x',
    'proc/version': 'Linux version 6.4.0-150600.21-default (x)\n',
    'link/dmesg.txt': '->../dmesg.txt',
  };
  const trees = ['proc/device-tree', 'sys/firmware/devicetree/base', 'ppc64/device-tree'];
  await fc.assert(
    fc.asyncProperty(
      fc.subarray(Object.keys(logs), { minLength: 1 }),
      fc.option(fc.constantFrom(...trees), { nil: undefined }),
      fc.constantFrom('', 'top/', 'tmp/deep/top/'),
      fc.boolean(),
      async (paths, treeAt, top, slashes) => {
        const files = Object.fromEntries(paths.map((path) => [`${top}${path}`, logs[path] ?? '']));
        const root = await unpacked(files, treeAt && `${top}${treeAt}`);
        const result = (path: string) =>
          readCapture(path).then(
            (capture) => ({ ...capture, name: '' }),
            (error: Error) => error.message,
          );
        const ofFolder = await result(slashes ? `${root}/` : root);
        expect(ofFolder).toEqual(await result(await packed(root)));
        // As `tar -czf x.tgz FOLDER` packs it, one folder further in.
        if (top !== 'tmp/deep/top/') expect(ofFolder).toEqual(await result(await packed(root, 'outer')));
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
});
