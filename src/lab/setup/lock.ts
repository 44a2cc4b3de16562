import { connect, createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { shortHash } from './cache.ts';

type Release = () => Promise<void>;

/**
 * Runs `work` while no other process on this machine runs work of the same name on the same cache.
 *
 * The lock is a listening socket in Linux's abstract namespace. There is no file, and the kernel frees the name when its holder
 * ends for any reason, so a lock is never stale. Waiting processes notice the release by the end of their connection.
 * @param onWait called with the holder's pid when another process has the lock
 */
export async function withLock<T>(
  cache: string,
  name: string,
  work: () => Promise<T>,
  onWait: (pid: number) => void = () => {},
): Promise<T> {
  const address = `\0transplant-${userInfo().uid}-${shortHash(resolve(cache), name)}`;
  let release = await listen(address);
  while (!release) {
    await untilFree(address, onWait);
    release = await listen(address);
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

/** @returns a function that releases the lock, or `undefined` when another process has it */
function listen(address: string): Promise<Release | undefined> {
  return new Promise((done, fail) => {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {}).on('close', () => waiting.delete(socket));
      socket.write(`${process.pid}\n`);
    });
    const release = () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        for (const socket of waiting) socket.destroy();
      });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') done(undefined);
      else fail(error);
    });
    server.listen(address, () => done(release));
  });
}

function untilFree(address: string, onWait: (pid: number) => void): Promise<void> {
  return new Promise((done) => {
    const socket = connect(address);
    socket.once('data', (pid) => onWait(Number(pid.toString())));
    socket.on('error', () => {}).once('close', () => done());
  });
}
