/** Texts of strerror(3), which the guest's programs print, for errors that a kernel's files return. */
const names: Readonly<Record<string, string>> = {
  'Operation not permitted': 'EPERM',
  'No such file or directory': 'ENOENT',
  'No such process': 'ESRCH',
  'Interrupted system call': 'EINTR',
  'Input/output error': 'EIO',
  'No such device or address': 'ENXIO',
  'Argument list too long': 'E2BIG',
  'Exec format error': 'ENOEXEC',
  'Bad file descriptor': 'EBADF',
  'No child processes': 'ECHILD',
  'Resource temporarily unavailable': 'EAGAIN',
  'Cannot allocate memory': 'ENOMEM',
  'Permission denied': 'EACCES',
  'Bad address': 'EFAULT',
  'Block device required': 'ENOTBLK',
  'Device or resource busy': 'EBUSY',
  'File exists': 'EEXIST',
  'Invalid cross-device link': 'EXDEV',
  'No such device': 'ENODEV',
  'Not a directory': 'ENOTDIR',
  'Is a directory': 'EISDIR',
  'Invalid argument': 'EINVAL',
  'Too many open files in system': 'ENFILE',
  'Too many open files': 'EMFILE',
  'Inappropriate ioctl for device': 'ENOTTY',
  'Text file busy': 'ETXTBSY',
  'File too large': 'EFBIG',
  'No space left on device': 'ENOSPC',
  'Illegal seek': 'ESPIPE',
  'Read-only file system': 'EROFS',
  'Too many links': 'EMLINK',
  'Broken pipe': 'EPIPE',
  'Numerical argument out of domain': 'EDOM',
  'Numerical result out of range': 'ERANGE',
  'Resource deadlock avoided': 'EDEADLK',
  'File name too long': 'ENAMETOOLONG',
  'No locks available': 'ENOLCK',
  'Function not implemented': 'ENOSYS',
  'Directory not empty': 'ENOTEMPTY',
  'Too many levels of symbolic links': 'ELOOP',
  'No data available': 'ENODATA',
  'Value too large for defined data type': 'EOVERFLOW',
  'Connection timed out': 'ETIMEDOUT',
  'Stale file handle': 'ESTALE',
  'Operation now in progress': 'EINPROGRESS',
  'Operation already in progress': 'EALREADY',
  'Connection refused': 'ECONNREFUSED',
  'No buffer space available': 'ENOBUFS',
  'Protocol error': 'EPROTO',
  'Bad message': 'EBADMSG',
  'Message too long': 'EMSGSIZE',
  'Transport endpoint is not connected': 'ENOTCONN',
  'Structure needs cleaning': 'EUCLEAN',
  'Remote I/O error': 'EREMOTEIO',
  'Disk quota exceeded': 'EDQUOT',
  'Operation canceled': 'ECANCELED',
  'Invalid or incomplete multibyte or wide character': 'EILSEQ',
  'Timer expired': 'ETIME',
  'Object is remote': 'EREMOTE',
  'Link has been severed': 'ENOLINK',
  'No medium found': 'ENOMEDIUM',
  'Required key not available': 'ENOKEY',
  'Operation not supported': 'EOPNOTSUPP',
};

/**
 * The name of the error at the end of an error line: `cat: can't open '/x': No such file or directory`.
 * @returns the text itself when it is not known, `Unknown error 524` for instance
 */
export function errnoName(line: string): string {
  const text = line.slice(line.lastIndexOf(': ') + 1).trim();
  return Object.hasOwn(names, text) ? (names[text] ?? text) : text;
}

/**
 * The error lines in a program's standard error. Other lines are dd's counts of records. A file name in an error line may contain
 * any character but a newline.
 */
export function errorLines(output: string): string[] {
  return output.split('\n').filter((line) => /^\S+: .*\S/.test(line));
}
