/**
 * Facts about kernel releases. They are in this room because the rooms above share them: the modelled kernel prints the
 * lines that the verdict and the field tools read.
 */
export type { KernelLines, LineName } from './lines.ts';
export type { Release } from './release.ts';
export {
  linePattern,
  nearestRelease,
  newestRelease,
  type ReleaseName,
  releaseNames,
  releases,
} from './releases.ts';
