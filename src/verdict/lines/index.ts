export { type KnownLine, type Level, type Phase, phases, type Weight } from './known-line.ts';
export { mayBegin, type Recognised, recognise } from './recognise.ts';
export { knownLines } from './table.ts';
