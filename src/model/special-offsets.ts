// The negative "timestamps" that ListOffsets gives a meaning to.
export const LATEST_TIMESTAMP: number = -1
export const EARLIEST_TIMESTAMP: number = -2
export const MAX_TIMESTAMP: number = -3
export const EARLIEST_LOCAL_TIMESTAMP: number = -4
export const LATEST_TIERED_TIMESTAMP: number = -5
export const EARLIEST_PENDING_UPLOAD_TIMESTAMP: number = -6

/** "No offset": an answer without one, or an unknown position. */
export const NO_OFFSET: number = -1
/** "No epoch": a peer that does not know or does not care. */
export const NO_EPOCH: number = -1
