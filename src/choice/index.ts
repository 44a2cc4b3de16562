export { all } from './all.ts';
export { type Chooser, first } from './chooser.ts';
export { random } from './random.ts';
export { type Choice, pickedOf, type Recording, recording } from './recording.ts';
export { replay } from './replay.ts';
export { fromToken, type TokenReading, toToken } from './token.ts';
