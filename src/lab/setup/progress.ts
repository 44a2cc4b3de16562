/** Progress of an operation that takes seconds. */
export interface Progress {
  /** One line without newline: `download linux-image-6.1.0-50-powerpc64le from bookworm`. */
  readonly text: string;
  /** 0 to 100; absent when not known. */
  readonly percent?: number;
}

/** Receives progress. */
export type OnProgress = (progress: Progress) => void;
