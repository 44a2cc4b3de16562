/**
 * Error numbers of Linux on powerpc (include/uapi/asm-generic/errno-base.h, errno.h) that modelled code returns.
 * Kernel functions return them negated, as the C does.
 */
const numbers = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EISDIR: 21,
  EINVAL: 22,
  ENOSPC: 28,
  ERANGE: 34,
  ENOSYS: 38,
  EOPNOTSUPP: 95,
  ECANCELED: 125,
} as const;

export const {
  EPERM,
  ENOENT,
  EIO,
  ENXIO,
  E2BIG,
  EAGAIN,
  ENOMEM,
  EACCES,
  EBUSY,
  EEXIST,
  ENODEV,
  EISDIR,
  EINVAL,
  ENOSPC,
  ERANGE,
  ENOSYS,
  EOPNOTSUPP,
  ECANCELED,
} = numbers;

const names = new Map<number, string>(Object.entries(numbers).map(([name, number]) => [number, name]));

/** The system call return path treats larger values as counts, not as errors. */
const MAX_ERRNO = 4095;

/**
 * The name of the error that user space sees when a kernel function returns a number.
 * @returns the errno's name, or `undefined` where the number is not an error
 */
export function errnoOf(returned: number): string | undefined {
  if (returned >= 0 || returned < -MAX_ERRNO) return undefined;
  return names.get(-returned) ?? `E${-returned}`;
}
