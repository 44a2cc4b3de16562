import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex, PassThrough, Transform } from 'node:stream';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EnvironmentError } from '../../../src/base/index.ts';
import { Agent, AgentTimeout } from '../../../src/lab/agent/index.ts';
import { encodeRequest } from '../../../src/lab/agent/protocol.ts';
import { SEED } from '../../support/trees.ts';
import { testWith } from '../setup/needs.ts';
import { scratch } from '../setup/scratch.ts';
import { startHostAgent } from './host-agent.ts';

const tools = ['busybox'];
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const readOne = async (agent: Agent, path: string) => (await agent.read([path]))[0];

testWith(tools, 'read: contents of files, or an errno', async () => {
  const agent = new Agent(startHostAgent().stream);
  const folder = scratch();
  writeFileSync(join(folder, 'file'), 'text\n');
  await agent.ready();
  writeFileSync(join(folder, 'looks bad'), 'cat: no: No such file or directory');
  const file = { ok: true, value: Buffer.from('text\n') };
  const empty = { ok: true, value: Buffer.alloc(0) };
  const paths = (...names: string[]) => names.map((name) => join(folder, name));
  writeFileSync(join(folder, 'empty'), '');
  expect(await agent.read(paths('file'))).toEqual([file]);
  expect(await agent.read(paths('absent'))).toEqual([{ ok: false, errno: 'ENOENT' }]);
  expect(await agent.read(paths('file/below'))).toEqual([{ ok: false, errno: 'ENOTDIR' }]);
  expect(await agent.read(paths('empty', 'file', 'looks bad', 'file'))).toEqual([
    empty,
    file,
    { ok: true, value: Buffer.from('cat: no: No such file or directory') },
    file,
  ]);
  expect(await agent.read(paths('file', 'absent', 'file', 'file/below', 'empty'))).toEqual([
    file,
    { ok: false, errno: 'ENOENT' },
    file,
    { ok: false, errno: 'ENOTDIR' },
    empty,
  ]);
  expect(await agent.read([])).toEqual([]);
});

testWith(tools, 'read: one read(2) of files that may have no end, also between other files', async () => {
  const agent = new Agent(startHostAgent().stream);
  const folder = scratch();
  writeFileSync(join(folder, 'file'), 'text\n');
  const [zeros, there, dir, absent] = await agent.read([
    '/dev/zero',
    join(folder, 'file'),
    folder,
    join(folder, 'absent'),
  ]);
  expect(zeros).toEqual({ ok: true, value: Buffer.alloc(4096) });
  expect(there).toEqual({ ok: true, value: Buffer.from('text\n') });
  expect(dir).toEqual({ ok: false, errno: 'EISDIR' });
  expect(absent).toEqual({ ok: false, errno: 'ENOENT' });
});

testWith(tools, 'read: when the kernel kills the reader, another process reads the next file', async () => {
  const { stream, bin } = startHostAgent();
  rmSync(join(bin, 'cat'));
  const cat = `#!/bin/sh
for path; do
  case $path in */dies) printf some; kill -9 $$ ;; esac
  /bin/cat "$path"
done
`;
  writeFileSync(join(bin, 'cat'), cat, { mode: 0o755 });
  const agent = new Agent(stream);
  const folder = scratch();
  for (const name of ['one', 'dies', 'two']) writeFileSync(join(folder, name), name);
  const read = await agent.read(['one', 'dies', 'two', 'dies'].map((name) => join(folder, name)));
  expect(read).toEqual([
    { ok: true, value: Buffer.from('one') },
    { ok: false, errno: 'killed' },
    { ok: true, value: Buffer.from('two') },
    { ok: false, errno: 'killed' },
  ]);
});

testWith(tools, 'any bytes are transferred unchanged, with any file name', async () => {
  const { stream, work } = startHostAgent();
  const agent = new Agent(stream);
  mkdirSync(join(work, 'files'));
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((bytes) =>
      Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x27 : byte))).toString('latin1'),
    )
    .map((latin1) => `n${latin1}`);
  await fc.assert(
    fc.asyncProperty(name, fc.uint8Array({ minLength: 1, maxLength: 300 }), async (file, bytes) => {
      const path = `${work}/files/${file}`;
      expect(await agent.write(path, bytes)).toEqual({ ok: true, value: bytes.length });
      expect(readFileSync(Buffer.from(path, 'latin1')).subarray(0, bytes.length)).toEqual(Buffer.from(bytes));
      expect(await readOne(agent, path)).toEqual({
        ok: true,
        value: Buffer.from(readFileSync(Buffer.from(path, 'latin1'))),
      });
    }),
    { seed: SEED, numRuns: 25 },
  );
});

testWith(tools, 'write: one write(2)', async () => {
  const agent = new Agent(startHostAgent().stream);
  const pipe = join(scratch(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  // dd prints the result of one read(2); a pipe returns no more than one write(2).
  const reader = promisify(execFile)('dd', [`if=${pipe}`, 'bs=65536', 'count=1'], { encoding: 'buffer' });
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => index & 0xff));
  expect(await agent.write(pipe, bytes)).toEqual({ ok: true, value: 4096 });
  expect((await reader).stdout).toEqual(bytes);
});

testWith(tools, 'write: errno of a failed write', async () => {
  const agent = new Agent(startHostAgent().stream);
  const folder = scratch();
  expect(await agent.write('/dev/null', new Uint8Array())).toEqual({ ok: true, value: 0 });
  expect(await agent.write('/dev/full', Buffer.from('x'))).toEqual({ ok: false, errno: 'ENOSPC' });
  expect(await agent.write(`${folder}/absent/file`, Buffer.from('x'))).toEqual({
    ok: false,
    errno: 'ENOENT',
  });
  expect(await agent.write('/sys/absent', Buffer.from('x'))).toEqual({ ok: false, errno: 'ENOENT' });
  expect(await agent.write(folder, Buffer.from('x'))).toEqual({ ok: false, errno: 'EISDIR' });
});

testWith(tools, 'commands have a status and an output, and do not affect the agent', async () => {
  const agent = new Agent(startHostAgent().stream);
  const run = async (command: string) => {
    const { status, output } = await agent.run(command);
    return [status, text(output)];
  };
  expect(await run("echo 'to out'; echo to err >&2; exit 3")).toEqual([3, 'to out\nto err\n']);
  expect(await run('printf "\\\\001TP 1 0\\n"; printf "no newline"')).toEqual([0, '\x01TP 1 0\nno newline']);
  expect(await run('for i in 1 2\ndo echo $i\ndone')).toEqual([0, '1\n2\n']);
  expect((await run('if then'))[0]).toBe(2);
  expect(await run('exit 0')).toEqual([0, '']);
  expect((await run('kill -9 $$'))[0]).toBe(137);
  expect(await run('cat')).toEqual([0, '']);
});

testWith(tools, 'clients run next to other requests, and their turns are counted', async () => {
  const agent = new Agent(startHostAgent().stream);
  const folder = scratch();
  writeFileSync(join(folder, 'there'), 'x');
  const reads = await agent.startClient({ name: 'reads', path: join(folder, 'there'), times: 7 });
  const fails = await agent.startClient({ name: 'fails', path: join(folder, 'absent'), times: 5 });
  const writes = await agent.startClient({
    name: 'writes',
    path: '/dev/full',
    write: Buffer.from('%s\n\0'),
    times: 3,
  });
  const appears = await agent.startClient({ name: 'none', path: folder, times: 0 });
  expect((await readOne(agent, join(folder, 'there')))?.ok).toBe(true);
  expect(await agent.waitClient(writes)).toEqual({ name: 'writes', succeeded: 0, failed: { ENOSPC: 3 } });
  expect(await agent.waitClient(reads)).toEqual({ name: 'reads', succeeded: 7, failed: {} });
  expect(await agent.waitClient(fails)).toEqual({ name: 'fails', succeeded: 0, failed: { ENOENT: 5 } });
  expect(await agent.waitClient(appears)).toEqual({ name: 'none', succeeded: 0, failed: {} });
});

testWith(tools, 'a client whose processes are killed differs from one that fails', async () => {
  const { stream, bin } = startHostAgent();
  rmSync(join(bin, 'cat'));
  const cat = '#!/bin/sh\ncase $1 in */dies) kill -9 $$ ;; esac\nexec /bin/cat "$@"\n';
  writeFileSync(join(bin, 'cat'), cat, { mode: 0o755 });
  const agent = new Agent(stream);
  const client = await agent.startClient({ name: 'dies', path: '/absent/dies', times: 3 });
  expect(await agent.waitClient(client)).toEqual({ name: 'dies', succeeded: 0, failed: { killed: 3 } });
});

testWith(tools, 'concurrent requests each get their own answer', async () => {
  const agent = new Agent(startHostAgent().stream);
  const answers = await Promise.all([3, 1, 2].map((number) => agent.run(`echo ${number}`)));
  expect(answers.map(({ output }) => text(output))).toEqual(['3\n', '1\n', '2\n']);
});

testWith(tools, 'part of a request of a killed process, and other garbage, have no effect', async () => {
  const { stream, work } = startHostAgent();
  stream.write('TP 5 20 run echo');
  const agent = new Agent(stream);
  expect(text((await agent.run('echo one')).output)).toBe('one\n');
  stream.write('\n\xff\x01TP 7 end\nTP\nTP x y z\nTP 9 3 abc\x1eabd\n');
  const request = `run 'echo x >>${work}/log'`;
  stream.write(`TP 9 ${request.length + 1} ${request}\x1e${request}\n`);
  expect(text((await agent.run('echo two')).output)).toBe('two\n');
  expect(existsSync(join(work, 'log'))).toBe(false);
});

testWith(tools, 'a repeated request is processed once', async () => {
  const { stream, work } = startHostAgent();
  const request = encodeRequest(77, Buffer.from(`run 'echo x >>${work}/log'`));
  stream.write(Buffer.concat([request, request, request]));
  const agent = new Agent(stream);
  await agent.ready();
  expect(readFileSync(join(work, 'log'), 'utf8')).toBe('x\n');
});

testWith(tools, 'for a damaged answer, the answer is repeated but not the operation', async () => {
  const { stream, work } = startHostAgent();
  let damaged = 0;
  const damage = new Transform({
    transform(chunk: Buffer, _, done) {
      const at = chunk.indexOf(0x1f); // gzip's magic
      if (at >= 0 && damaged < 2) {
        damaged++;
        chunk.writeUInt8(0x1e, at);
      }
      done(null, chunk);
    },
  });
  const agent = new Agent(Duplex.from({ readable: stream.pipe(damage), writable: stream }));
  const { output } = await agent.run(`echo x >>${work}/log; cat ${work}/log`);
  expect(text(output)).toBe('x\n');
  expect(damaged).toBe(2);
});

testWith(tools, 'a damaged request is sent again', async () => {
  // Damages the number, the separator, the text.
  for (const wound of ['TP ', '\x1e', 'log']) {
    const { stream, work } = startHostAgent();
    let damaged = 0;
    const damage = new Transform({
      transform(sent: Buffer, _, done) {
        const chunk = Buffer.from(sent); // the host sends it again
        const at = chunk.indexOf(wound) + (wound === 'TP ' ? wound.length : 0);
        if (damaged === 0) {
          damaged++;
          chunk.writeUInt8(chunk[at] === 0x39 ? 0x38 : 0x39, at);
        }
        done(null, chunk);
      },
    });
    damage.pipe(stream);
    const agent = new Agent(Duplex.from({ readable: stream, writable: damage }));
    const { output } = await agent.run(`echo x >>${work}/log; cat ${work}/log`);
    expect(text(output)).toBe('x\n');
    expect(damaged).toBe(1);
  }
});

test('a guest whose answers are never valid is an error', async () => {
  const toHost = new PassThrough();
  const guest = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      toHost.push('\x01TP again\n');
      done();
    },
  });
  const agent = new Agent(Duplex.from({ readable: toHost, writable: guest }));
  await expect(agent.read(['/x'])).rejects.toThrow('garbled');
});

testWith(tools, 'a guest that does not answer is a timeout, and its late answer is ignored', async () => {
  const { stream, work } = startHostAgent();
  const agent = new Agent(stream);
  execFileSync('mkfifo', [join(work, 'gate')]);
  await agent.ready();
  await expect(agent.run(`cat <${work}/gate`, 50)).rejects.toThrow(AgentTimeout);
  writeFileSync(join(work, 'gate'), 'late');
  expect(text((await agent.run('echo next')).output)).toBe('next\n');
});

testWith(tools, 'when a guest dies, pending requests are rejected', async () => {
  const { stream, kill } = startHostAgent();
  const agent = new Agent(stream);
  await agent.ready();
  const waiting = agent.run('while :; do :; done');
  const next = agent.run('echo');
  kill();
  await expect(waiting).rejects.toThrow(EnvironmentError);
  await expect(next).rejects.toThrow(EnvironmentError);
});

testWith(tools, 'requests to a closed agent are rejected', async () => {
  const agent = new Agent(startHostAgent().stream);
  await agent.ready();
  const waiting = agent.run('cat /dev/zero | head -c 1');
  agent.close();
  await expect(waiting).rejects.toThrow('closed');
  await expect(agent.read(['/x'])).rejects.toThrow('closed');
});

testWith(
  tools,
  'an observation of a machine without a device tree lists what could not be read',
  async () => {
    const agent = new Agent(startHostAgent().stream);
    const seen = await agent.observeRaw();
    expect(seen.devices).toEqual([]);
    expect(seen.tree.root).toEqual({ name: '', properties: [], children: [] });
    expect(seen.unread).not.toEqual([]);
  },
);
