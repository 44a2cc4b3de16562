import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as peer from 'tar';
import { describe, expect, test } from 'vitest';
import { node, string, strings, type TreeNode, tree } from '../../src/devicetree/index.ts';
import { LastBytes } from '../../src/field/capture/last-bytes.ts';
import { captureScript, readSalt, writeCapture } from '../../src/field/index.ts';
import { folder, machine } from './machine.ts';
import { runShell, type Shell, shells, testWith } from './programs.ts';

const COUNT = 200;

/** The same numbers in every run. */
function generator(seed: number): (digits: number) => string {
  let state = seed;
  return (digits) => {
    let text = '';
    while (text.length < digits) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      text += state.toString(16).padStart(8, '0').slice(0, 6);
    }
    return text.slice(0, digits);
  };
}

const hex = generator(20_260_101);
const groups = (text: string, size: number, separator: string) =>
  (text.match(new RegExp(`.{${size}}`, 'g')) ?? []).join(separator);
const byte = () => String(Number.parseInt(hex(2), 16));
const many = (make: (index: number) => string) => Array.from({ length: COUNT }, (_, index) => make(index));

/** Secrets by kind: what must not be left of each. */
const secrets = {
  serial: many(() => `1${hex(6).toUpperCase()}`),
  enclosure: many(() => `WZS${hex(4).toUpperCase()}`),
  mac: many(() => groups(`02${hex(10)}`, 2, ':')),
  bareMac: many(() => `06${hex(10)}`),
  wwpn: many(() => `c05076${hex(10)}`),
  wwpnByColons: many(() => groups(`c05076${hex(10)}`, 2, ':')),
  ipv4: many(() => `10.${byte()}.${byte()}.${byte()}`),
  ipv6: many(() => `fe80::${groups(hex(12), 4, ':')}`),
  ipv6InFull: many(() => groups(`2001${hex(28)}`, 4, ':')),
  iqn: many(() => `iqn.1994-05.com.example:${hex(10)}`),
  uuid: many(() => hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')),
  bareUuid: many(() => hex(32)),
  server: many((index) => `vios-${index}-${hex(4)}`),
  loggingHost: many((index) => `node${index}-${hex(4)}`),
  host: ['North7.dept.example.com', 'north7', 'dept.example.com', 'NORTH7.DEPT'],
  partition: ['lparnorth7'],
};

/** Kinds that are recognised by their form wherever they are. */
const formed = [
  'mac',
  'wwpn',
  'wwpnByColons',
  'ipv4',
  'ipv6',
  'ipv6InFull',
  'iqn',
  'uuid',
  'bareUuid',
] as const;

/** A machine with every secret in the log, in values, names, links and lparcfg. */
async function planted(count = COUNT): Promise<string> {
  const children: TreeNode[] = [];
  const lines: string[] = [];
  const config: string[] = [
    'lparcfg 1.9',
    `serial_number=IBM,02${secrets.serial[0]}`,
    'partition_name=lparnorth7',
  ];
  for (let at = 0; at < count; at += 1) {
    const of = (kind: keyof typeof secrets) => secrets[kind][at % secrets[kind].length] ?? '';
    const location = `U78D2.001.${of('enclosure')}-P1-C1`;
    const all = formed.map(of);
    children.push(
      node(`slot@${of('enclosure')}-${at}`, [
        strings(
          'ibm,drc-names',
          `U9080.HEX.${of('serial')}-V3-C2 U9080.HEX.${of('serial')}-V4 ${location}`,
          location,
        ),
        strings('text', ...all, `two ${of('ipv4')} ${of('mac')},${of('ipv4')}`),
        string(`ibm,${of('serial')}-x`, of('host')),
        string(`at-${of('uuid')}`, `x${of('partition')}y`),
        { name: 'local-mac-address', value: new Uint8Array(Buffer.from(`0000${of('bareMac')}`, 'hex')) },
        { name: 'bytes', value: new Uint8Array(Buffer.from(`\n\0${of('iqn')}\n${of('serial')}`, 'latin1')) },
      ]),
      node(`if-${of('mac')}@${at}`, [string(of('ipv6'), 'x')]),
      node(`disk-${of('wwpn')}-${of('bareUuid')}@${at}`, [string(of('iqn'), of('ipv4'))]),
    );
    const when = `Oct 18 10:${String(at % 60).padStart(2, '0')}:00`;
    const say = (text: string) => lines.push(`${when} ${of('loggingHost')} kernel: ${text}`);
    for (const secret of all) say(`x: (${secret}) at ${secret}, again ${secret.toUpperCase()}`);
    say(`ibmvscsi 30000002: host srp version: 16.a, host partition ${of('server')} (${at}), OS 3`);
    say(`ibmvfc 30000003: Host partition: ${of('server')}, device: vfchost0 ${location} max sectors 2048`);
    say(
      `mac-addr ${of('bareMac')} ${of('server')} U9080.HEX.${of('serial')}-V3 and U9080.HEX.${of('serial')}-V4`,
    );
    say(`${of('host')} ${of('host').toUpperCase()} ${of('partition')} SN ${of('serial')}`);
    config.push(`${all.join(' ')} ${of('serial')} ${of('enclosure')} ${of('host')} ${of('bareMac')}`);
  }
  const root = await machine({
    tree: tree(
      node(
        '',
        [
          string('model', 'IBM,9080-HEX'),
          string('system-id', `IBM,02${secrets.serial[0]}`),
          string('ibm,partition-name', 'lparnorth7'),
          string('bootargs', `ip=10.0.0.9::10.0.0.1:255.0.0.0:${secrets.host[1]}`),
        ],
        [node('vdevice', [], children)],
      ),
    ),
    log: '',
  });
  const file = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, 'latin1');
  };
  file('proc/sys/kernel/hostname', `${secrets.host[0]}\n`);
  file('proc/ppc64/lparcfg', `${config.join('\n')}\n`);
  file('var/log/messages', `${lines.join('\n')}\n`);
  for (let at = 0; at < 5; at += 1) {
    const device = `sys/devices/vio/${secrets.uuid[at]}`;
    file(`${device}/uevent`, '');
    symlinkSync(
      `../../../firmware/devicetree/base/vdevice/slot@${secrets.enclosure[at]}-${at}`,
      join(root, device, 'of_node'),
    );
  }
  return root;
}

function salt(): string {
  const file = join(folder(), 'salt');
  writeFileSync(file, 'a salt of some length');
  return file;
}

const script = captureScript('transplant test');

function byScript(shell: Shell, root: string, status = 0, ...args: string[]): string {
  const place = folder();
  writeFileSync(join(place, 'capture.sh'), script, 'latin1');
  const run = runShell(shell, place, join(place, 'capture.sh'), [
    '--root',
    root,
    '-o',
    'out.tar.gz',
    ...args,
  ]);
  expect(run).toMatchObject({ status });
  return join(place, 'out.tar.gz');
}

function byNode(root: string, options: { salt?: string; redact?: boolean } = {}): string {
  const path = join(folder(), 'node.tar.gz');
  writeFileSync(path, writeCapture({ root, by: 'transplant test', ...options }).bytes);
  return path;
}

/** A machine with links out of its root. */
async function linked(): Promise<string> {
  const root = await machine();
  const outside = folder();
  writeFileSync(join(outside, 'secret'), 'from outside');
  mkdirSync(join(outside, 'device/of_node'), { recursive: true });
  writeFileSync(join(outside, 'device/uevent'), '');
  mkdirSync(join(root, 'etc'));
  symlinkSync(join(outside, 'secret'), join(root, 'etc/os-release'));
  symlinkSync(join(outside, 'device'), join(root, 'sys/devices/vio/out'));
  symlinkSync(join(outside, 'secret'), join(root, 'sys/firmware/devicetree/base/link'));
  symlinkSync(join(outside, 'secret'), join(root, 'sys/devices/system/cpu/cpu0/cache/index0/size'));
  mkdirSync(join(root, 'sys/devices/vio/in'));
  symlinkSync(join(outside, 'device/of_node'), join(root, 'sys/devices/vio/in/of_node'));
  return root;
}

function leftIn(archive: string): string[] {
  const bytes = gunzipSync(readFileSync(archive)).toString('latin1').toLowerCase();
  return Object.values(secrets)
    .flat()
    .filter((secret) => bytes.includes(secret.toLowerCase()));
}

/** Every file by path; of the manifest what does not differ by who made the capture, and when. */
async function contents(archive: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  await peer.list({
    file: archive,
    onReadEntry: (entry) => {
      const chunks: Buffer[] = [];
      entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      entry.on('end', () => {
        if (entry.type === 'File') files[entry.path] = Buffer.concat(chunks).toString('latin1');
        else files[entry.path.replace(/\/$/, '')] = entry.type;
      });
    },
  });
  const { by: _, when: __, ...manifest } = JSON.parse(files['transplant-capture/manifest.json'] ?? '');
  delete files['transplant-capture/manifest.json'];
  // The folders above the tree are in the script's archive only.
  return Object.fromEntries(
    Object.entries({ ...files, manifest: JSON.stringify(manifest) })
      .filter(([, content]) => content !== 'Directory')
      .sort(),
  );
}

describe('no link is followed out of the root', () => {
  const check = async (archive: string) => {
    const files = await contents(archive);
    expect(JSON.stringify(files)).not.toContain('from outside');
    const { devices, unread } = JSON.parse(files['manifest'] ?? '');
    expect(unread).toEqual([{ path: '/etc/os-release', reason: 'leads out of the root' }]);
    expect(devices.find(({ name }: { name: string }) => name === 'in').ofNode.state).toBe('dangling');
    expect(devices.map(({ name }: { name: string }) => name)).not.toContain('out');
  };

  test('by the command', async () => check(byNode(await linked())));

  describe.each(shells)('$name', (shell) => {
    testWith(shell.program, 'by the script, which says the same', async () => {
      const root = await linked();
      const archive = byScript(shell, root, 2);
      await check(archive);
      expect(await contents(archive)).toEqual(await contents(byNode(root)));
      // A tree that is outside is none.
      const other = folder();
      mkdirSync(join(other, 'proc'));
      symlinkSync(join(root, 'sys/firmware/devicetree/base'), join(other, 'proc/device-tree'));
      const place = folder();
      writeFileSync(join(place, 'capture.sh'), script, 'latin1');
      expect(runShell(shell, place, join(place, 'capture.sh'), ['--root', other]).status).toBe(1);
      expect(() => writeCapture({ root: other, by: 'test' })).toThrow('no device tree');
    });
  });
});

describe('a log of any size', () => {
  test('is read in bounded memory: its last bytes, of the lines of the kernel', async () => {
    const root = await machine({ log: '' });
    const line = (at: number) => `Oct 18 10:00:00 north kernel: line ${at} ${'x'.repeat(4000)}\n`;
    const text = Array.from(
      { length: 8600 },
      (_, at) => `${line(at)}Oct 18 10:00:00 north sshd[1]: no\n`,
    ).join('');
    writeFileSync(join(root, 'var/log/messages'), `${text}Oct 18 10:00:01 north kernel: the \0last`);
    const ours = await contents(byNode(root));
    const log = ours['transplant-capture/kernel.log'] ?? '';
    expect(log.length).toBe(32 << 20);
    expect(log.endsWith(`${line(8599)}Oct 18 10:00:01 north kernel: the last\n`)).toBe(true);
    expect(log).not.toContain('sshd');
    expect(JSON.parse(ours['manifest'] ?? '').truncated).toEqual(['kernel.log']);
    const [dash] = shells;
    if (dash) expect(await contents(byScript(dash, root))).toEqual(ours);
  });

  test('the last bytes are kept, whatever the pieces', () => {
    for (const sizes of [[1, 2, 3], [10], [3, 3, 3, 3], [0, 11, 0], []]) {
      const bytes = new LastBytes(7);
      let all = '';
      for (const [at, size] of sizes.entries()) {
        const piece = String.fromCharCode(97 + at).repeat(size);
        all += piece;
        bytes.push(Buffer.from(piece));
      }
      expect(Buffer.from(bytes.bytes()).toString()).toBe(all.slice(-7));
      expect(bytes.cut).toBe(all.length > 7);
    }
  });
});

describe('planted secrets', () => {
  test('are all there without redaction', async () => {
    const archive = byNode(await planted());
    // Texts that occur only in binary values or next to the host's full name have another form.
    const shown = new Set(leftIn(archive));
    for (const kind of ['serial', 'enclosure', ...formed, 'server', 'loggingHost', 'partition'] as const)
      expect(
        secrets[kind].filter((secret) => !shown.has(secret)),
        kind,
      ).toEqual([]);
  });

  test('none is left by the command', async () => {
    // A fixed salt: with a random one a pseudonym equals the secret of another place now and then (10.1.2.3).
    expect(leftIn(byNode(await planted(), { salt: readSalt(salt()) }))).toEqual([]);
  });

  describe.each(shells)('$name', (shell) => {
    testWith(
      shell.program,
      'none is left by the script, which writes what the command writes',
      async () => {
        // sed of busybox takes minutes for the commands that hide thousands of texts; machines have some dozens.
        const root = await planted(shell.busybox ? 30 : COUNT);
        const file = salt();
        const archive = byScript(shell, root, 0, '--redact-salt', file);
        expect(leftIn(archive)).toEqual([]);
        const [theirs, ours] = [
          await contents(archive),
          await contents(byNode(root, { salt: readSalt(file) })),
        ];
        expect(Object.keys(theirs)).toEqual(Object.keys(ours));
        for (const path of Object.keys(ours)) expect([path, theirs[path]]).toEqual([path, ours[path]]);
      },
      300_000,
    );

    testWith(shell.program, 'without redaction script and command write the same', async () => {
      const root = await machine({ dangling: ['ibm,random-v1'] });
      expect(await contents(byScript(shell, root))).toEqual(await contents(byNode(root)));
      expect(statSync(byScript(shell, root)).mode & 0o777).toBe(0o600);
    });
  });
});
