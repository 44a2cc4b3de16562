export { EnvironmentError, InputError, type Where } from './errors.ts';
export { fromHex, hex32, hexByte, hexNumber, isHex, toHex } from './hex.ts';
export { Recent } from './recent.ts';
export { plural, printable, printableLines } from './text.ts';
export { compareVersions, isAtLeast, parseVersion, type Version } from './version.ts';
