/** A guest's machine. Machines with equal fields can restore each other's state. */
export interface Machine {
  /** Path of the kernel image. */
  readonly image: string;
  /** Path of the initramfs. */
  readonly initramfs: string;
  readonly cpus: number;
  /** Slab poisoning: use of freed memory then causes an oops instead of no visible effect. */
  readonly poison: boolean;
}

/** Physical memory, bytes. RTAS requires work areas below 4 GiB, so less than that. */
export const MEMORY_SIZE = 1 << 30;

/** Unit address of the doorbell, a virtual terminal that the kernel does not see (`graft.ts`). */
export const DOORBELL_ADDRESS = 0x3000_2000;

/**
 * QEMU's options for the emulated server: a pseries machine with a random number source, a console (hvc0) for the kernel and a
 * shell, one (hvc1) for the agent, the doorbell, and no other devices. TCG does not fully implement the capabilities that the
 * `cap-` options set; without these options QEMU does not start or the kernel warns.
 *
 * The caller adds the character devices `console`, `agent` and `doorbell`. CPUs have numbers 0, 8, 16, … as on PowerVM.
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

/** QEMU's options for booting from power-on. They are not needed when a state is restored. */
export function bootArguments({ image, initramfs, poison }: Machine): string[] {
  const append = [
    'console=hvc0',
    // The log is evidence: the ring buffer must hold all of it.
    'log_buf_len=4M',
    'loglevel=8',
    // Flushing the cache of an emulated CPU at each system call adds no protection and is slow.
    'mitigations=off',
    ...(poison ? ['slub_debug=FZPU'] : []),
  ];
  return [
    ['-kernel', image],
    ['-initrd', initramfs],
    ['-append', append.join(' ')],
  ].flat();
}

/** Names of the machine's virtual CPUs in QEMU's gdb stub. */
export function threadsOf(machine: Machine): string[] {
  return Array.from({ length: machine.cpus }, (_, index) => (index + 1).toString(16).padStart(2, '0'));
}
