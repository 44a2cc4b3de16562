import type { CoreKernel } from './core-kernel.ts';
import { KERN_ERR, KERN_WARNING } from './log.ts';
import type { RefcountSite } from './refcount.ts';
import { symbol, trapSymbol } from './symbols.ts';
import { ThreadExit } from './thread.ts';
import { shared } from './watch.ts';

/** Functions of a call trace, innermost first. */
export type Frames = readonly string[];

export interface WarningText {
  /** The message of WARN(); absent for WARN_ON(). */
  readonly message?: string;
  /** Source file and line, `lib/refcount.c:25`. */
  readonly place: string;
  /** The function that warns and its callers, up to those in the thread's stack. */
  readonly frames: Frames;
}

/** Prints a warning with its call trace in the form of the release (kernel/panic.c `__warn`). */
export function warn(k: CoreKernel, { message, place, frames }: WarningText): void {
  const thread = k.scheduler.current;
  const trap = trapSymbol(frames[0] ?? 'unknown');
  print(k, KERN_WARNING, '------------[ cut here ]------------');
  if (message !== undefined) print(k, KERN_WARNING, message);
  print(
    k,
    KERN_WARNING,
    k.release.warningNamesCpuFirst
      ? `WARNING: CPU: ${thread.cpu} PID: ${thread.pid} at ${place} ${trap}`
      : `WARNING: ${place} at ${trap}, CPU#${thread.cpu}: ${thread.comm}/${thread.pid}`,
  );
  printTrace(k, frames);
  print(k, KERN_WARNING, '---[ end trace 0000000000000000 ]---');
}

/** Prints the warning of a wrong refcount, once per boot and site. */
export function warnRefcount(k: CoreKernel, site: RefcountSite, frames: Frames): void {
  k.watcher?.write(shared.warnOnce);
  if (k.warnedOnce.has(site)) return;
  k.warnedOnce.add(site);
  warn(k, {
    message: site.message,
    place: `lib/refcount.c:${site.line}`,
    frames: ['refcount_warn_saturate', ...frames],
  });
}

/** dump_stack(): a trace without a warning. */
export function dumpStack(k: CoreKernel, frames: Frames): void {
  const { cpu, pid, comm } = k.scheduler.current;
  print(k, KERN_WARNING, `CPU: ${cpu} PID: ${pid} Comm: ${comm} Not tainted ${k.release.version}`);
  printTrace(k, ['dump_stack_lvl', ...frames]);
}

/** A null pointer is dereferenced: the kernel oopses and the thread ends. */
export function nullDereference(k: CoreKernel, frames: Frames): never {
  oops(k, ['BUG: Kernel NULL pointer dereference on read at 0x00000000', oopsLine(k)], frames);
}

/** A pointer that holds an error number is dereferenced. */
export function errorPointerDereference(k: CoreKernel, errno: number, frames: Frames): never {
  const address = (BigInt(-errno) & 0xffff_ffff_ffff_ffffn).toString(16);
  oops(k, [`BUG: Unable to handle kernel data access on read at 0x${address}`, oopsLine(k)], frames);
}

/** BUG_ON(). */
export function kernelBug(k: CoreKernel, place: string, frames: Frames): never {
  print(k, KERN_WARNING, '------------[ cut here ]------------');
  oops(k, [`kernel BUG at ${place}!`, `Oops: Exception in kernel mode, sig: 5 [#${++k.oopses}]`], frames);
}

/**
 * Memory behind the end of a buffer is read. The model does not know its contents, so it ends the thread with the message of a
 * kernel with CONFIG_KASAN. A kernel without it continues with whatever is there.
 */
export function outOfBounds(k: CoreKernel, what: string, frames: Frames): never {
  const { comm, pid } = k.scheduler.current;
  oops(
    k,
    [
      `BUG: KASAN: slab-out-of-bounds in ${symbol(frames[0] ?? 'unknown')}`,
      `Read of ${what} by task ${comm}/${pid}`,
    ],
    frames,
  );
}

function oops(k: CoreKernel, lines: readonly string[], frames: Frames): never {
  for (const line of lines) print(k, KERN_ERR, line);
  printTrace(k, frames);
  print(k, KERN_WARNING, '---[ end trace 0000000000000000 ]---');
  throw new ThreadExit('killed');
}

function oopsLine(k: CoreKernel): string {
  return `Oops: Kernel access of bad area, sig: 11 [#${++k.oopses}]`;
}

function printTrace(k: CoreKernel, frames: Frames): void {
  print(k, KERN_WARNING, 'Call Trace:');
  const names = [...frames, ...k.scheduler.current.stack.toReversed()];
  for (let depth = 0; depth < names.length; depth++) {
    const address = symbol(names[depth] as string);
    print(k, KERN_WARNING, depth === 0 ? `${address} (unreliable)` : address);
  }
}

function print(k: CoreKernel, level: number, text: string): void {
  k.log.print(level, text);
}
