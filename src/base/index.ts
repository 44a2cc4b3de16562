export { isCaching, setCaching } from './caching.ts';
export { EnvironmentError, InputError, type Where } from './errors.ts';
export { fromHex, hex32, hexByte, hexNumber, isHex, toHex } from './hex.ts';
export { decodeLatin1, encodeLatin1, writeLatin1 } from './latin1.ts';
export { RecentCache } from './recent-cache.ts';
export { defineMemo, type Memo, RunCache } from './run-cache.ts';
export { StringTable } from './string-table.ts';
export { plural, printable, printableLines } from './text.ts';
export { compareVersions, isAtLeast, parseVersion, type Version } from './version.ts';
