import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect } from 'vitest';
import { bin, buildCli, transplant } from '../../cli/built-cli.ts';
import { testWith } from '../../lab/setup/needs.ts';

const password = 'correct-horse';
const folder = mkdtempSync(join(tmpdir(), 'transplant-redis-'));
const children = new Set<ChildProcess>();

beforeAll(buildCli, 300_000);
afterAll(async () => {
  for (const child of children) await end(child, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program that is ended with the tests, whatever happens. */
function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Resolves with the first line that a process says and that looks so; rejects when it ends before. */
function line(child: ChildProcess, from: 'stdout' | 'stderr', looks: RegExp): Promise<string> {
  const stream = child[from];
  if (!stream) throw new Error('no pipe');
  return new Promise((done, fail) => {
    const said: string[] = [];
    const lines = createInterface({ input: stream });
    lines.on('line', (text) => {
      said.push(text);
      if (looks.test(text)) done(text);
    });
    lines.on('close', () => fail(new Error(`ended without ${looks}:\n${said.slice(-9).join('\n')}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  return typeof address === 'object' && address ? address.port : 0;
}

/** Starts a Redis server that saves every write to a file. */
async function startRedis(port: number): Promise<ChildProcess> {
  const config = join(folder, 'redis.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${password}`,
    `dir ${folder}`,
    'appendonly yes',
  ];
  writeFileSync(config, [...lines, 'appendfsync always', 'save ""', ''].join('\n'), { mode: 0o600 });
  const redis = start('redis-server', [config]);
  await line(redis, 'stdout', /Ready to accept connections/);
  return redis;
}

function startWorker(url: string): ChildProcess {
  return start(process.execPath, [bin, 'worker', '--redis', url, '--jobs', '1', '--no-kernels']);
}

const search = ['explore', '--policy', 'ignore', '--possible-faults', 'none', '--json'];

testWith(
  ['redis-server'],
  'results equal those of a local search although workers and the client are killed and Redis restarts',
  async () => {
    const here = await transplant([...search, '--jobs', '1']);
    const port = await freePort();
    const url = `redis://:${password}@127.0.0.1:${port}`;
    const redis = await startRedis(port);

    const client = start(process.execPath, [bin, ...search, '--redis', url]);
    const [, id = ''] = /^campaign (\w+)/.exec(await line(client, 'stderr', /^campaign/)) ?? [];
    await end(client, 'SIGKILL');

    // Each worker is killed after its first slice, while it holds the next one or is about to take it.
    for (let times = 0; times < 2; times++) {
      const killed = startWorker(url);
      await line(killed, 'stderr', /: done in/);
      await end(killed, 'SIGKILL');
    }
    const worker = startWorker(url);
    await line(worker, 'stderr', /: done in/);
    await end(redis, 'SIGKILL');
    await startRedis(port);

    const there = await transplant(['campaign', 'results', id, '--json'], { env: { TRANSPLANT_REDIS: url } });
    expect(there.stdout).toBe(here.stdout);
    expect(there.status).toBe(here.status);

    const status = await transplant(['campaign', 'status', '--json', '--redis', url]);
    const [campaign] = JSON.parse(status.stdout);
    expect(campaign).toMatchObject({ id, kind: 'explore', command: search.join(' '), isCancelled: false });
    expect(campaign.slices).toMatchObject({ active: 0, waiting: 0, failed: 0, workers: 1 });
    expect(campaign.slices.done).toBeGreaterThan(10);

    // The same search again returns the stored results: no worker is left to run it.
    await end(worker, 'SIGKILL');
    const again = await transplant([...search, '--redis', url]);
    expect(again.stdout).toBe(here.stdout);

    const removed = await transplant(['campaign', 'remove', id, '--redis', url]);
    expect(removed.status).toBe(0);
    expect((await transplant(['campaign', 'status', '--redis', url])).stdout).toBe('no campaigns\n');
    for (const { stdout, stderr } of [there, status, again, removed])
      expect(`${stdout}${stderr}`).not.toContain(password);
  },
  // The slice of a killed worker is restarted only after its lock has expired.
  300_000,
);

testWith(['redis-server'], 'an error about an unreachable server does not contain the password', async () => {
  const port = await freePort();
  const url = `redis://me:${password}@127.0.0.1:${port}`;
  const { status, stderr } = await transplant(['campaign', 'status', '--redis', url]);
  expect(status).toBe(3);
  expect(stderr).toContain(`no Redis at redis://127.0.0.1:${port}: connect ECONNREFUSED`);
  expect(stderr).not.toContain(password);
  const bad = await transplant(['worker', '--redis', `http://${password}@127.0.0.1`]);
  expect(bad.status).toBe(2);
  expect(bad.stderr).toMatch(/^transplant: not a URL of Redis or Valkey/);
  expect(bad.stderr).not.toContain(password);
});
