export { allChoosers } from './all.ts';
export { type Chooser, firstChooser } from './chooser.ts';
export { randomChooser } from './random.ts';
export { type Choice, pickedWays, type RecordingChooser, recordingChooser } from './recording.ts';
export { replayChooser } from './replay.ts';
export { fromToken, type TokenReading, toToken } from './token.ts';
