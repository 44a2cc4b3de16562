/** What a guest's machine is made of; two of the same kind can take over each other's state. */
export interface Machine {
  /** Path of the kernel image. */
  readonly image: string;
  /** Path of the initramfs. */
  readonly initramfs: string;
  readonly cpus: number;
  /** Slab poisoning: a real use of freed memory then oopses instead of passing unseen. */
  readonly poison: boolean;
}

/** Physical memory, bytes. All of it lies below 4 GiB, as RTAS wants it for its work areas. */
export const MEMORY_SIZE = 1 << 30;

/** Unit address of a virtual terminal that rings when RTAS is called; the kernel does not see it (`graft.ts`). */
export const DOORBELL_ADDRESS = 0x3000_2000;

/**
 * The emulated server: a pseries machine with no devices but a random number source, a console (hvc0) for the kernel and
 * people, and one (hvc1) for the agent. The capabilities are those that TCG cannot offer in full; without the `cap-`
 * options QEMU refuses to start or the kernel warns.
 *
 * Character devices `console`, `agent` and `bell` are the caller's. Its CPUs are numbered as PowerVM does, by eights.
 */
export function machineArguments(machine: Machine): string[] {
  return [
    [
      '-machine',
      'pseries,vsmt=8,cap-htm=off,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off',
    ],
    ['-accel', 'tcg'],
    ['-cpu', 'POWER9'],
    ['-smp', String(machine.cpus)],
    ['-m', `${MEMORY_SIZE >> 20}M`],
    ['-nodefaults'],
    ['-display', 'none'],
    ['-no-reboot'],
    ['-object', 'rng-random,id=random,filename=/dev/urandom'],
    ['-device', 'spapr-rng,rng=random'],
    ['-device', 'spapr-vty,chardev=console,reg=0x30000000'],
    ['-device', 'spapr-vty,chardev=agent,reg=0x30001000'],
    ['-device', `spapr-vty,chardev=doorbell,reg=0x${DOORBELL_ADDRESS.toString(16)}`],
  ].flat();
}

/** What it boots from power-on; a machine that waits for the state of another has no use for it. */
export function bootArguments({ image, initramfs, poison }: Machine): string[] {
  const append = [
    'console=hvc0',
    // The log is evidence: no line of it may be lost to a small ring.
    'log_buf_len=4M',
    'loglevel=8',
    // Nobody can spy on an emulated CPU's cache, and to flush it at each system call is dear.
    'mitigations=off',
    ...(poison ? ['slub_debug=FZPU'] : []),
  ];
  return [
    ['-kernel', image],
    ['-initrd', initramfs],
    ['-append', append.join(' ')],
  ].flat();
}

/** Names of the machine's virtual CPUs as QEMU's gdb stub has them. */
export function threadsOf(machine: Machine): string[] {
  return Array.from({ length: machine.cpus }, (_, index) => (index + 1).toString(16).padStart(2, '0'));
}
