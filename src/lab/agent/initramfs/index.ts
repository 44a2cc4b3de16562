export { buildInitramfs } from './build.ts';
