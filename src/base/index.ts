export { EnvironmentError, InputError, type Where } from './errors.ts';
export { fromHex, hex32, hexByte, hexNumber, isHex, toHex } from './hex.ts';
export { decodeLatin1, encodeLatin1, writeLatin1 } from './latin1.ts';
export { memoize } from './memoize.ts';
export { RecentCache } from './recent-cache.ts';
export { plural, printable, printableLines } from './text.ts';
export { compareVersions, isAtLeast, parseVersion, type Version } from './version.ts';
