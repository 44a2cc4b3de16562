/** One step of something that takes a while, for people who wait. */
export interface Progress {
  /** One line without newline: `download linux-image-6.1.0-50-powerpc64le from bookworm`. */
  readonly text: string;
  /** 0 to 100, where the share that is done is known. */
  readonly percent?: number;
}

export type OnProgress = (progress: Progress) => void;
