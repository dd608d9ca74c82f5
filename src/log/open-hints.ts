/** What the log directory knows about a partition from Kafka's own checkpoint files. */
export interface OpenHints {
  /** The directory was left by a clean shutdown of Kafka or Jackdaw. */
  readonly isClean: boolean
  /** Kafka's recovery point: everything below is on disk. 0 when unknown. */
  readonly recoveryPoint: number
  /** Kafka's log start offset, 0 when not listed. */
  readonly logStartOffset: number
  /** Kafka's high watermark, -1 when not listed. */
  readonly highWatermark: number
  /** Kafka's checkpoint files may still list an earlier partition of this name: a new one must say at once that it is new. */
  readonly mayBeMistaken: boolean
  /** Nobody else has worked on this directory since Jackdaw did: the partition's own checkpoint counts. */
  readonly trustsOwnCheckpoint: boolean
}

/** A partition of which no checkpoint knows anything. */
export const NO_HINTS: OpenHints = {
  isClean: false,
  recoveryPoint: 0,
  logStartOffset: 0,
  highWatermark: -1,
  mayBeMistaken: false,
  trustsOwnCheckpoint: true,
}
