/**
 * A zxid is an epoch in the upper and a counter in the lower 32 bits. As a plain number it must stay below 2^53, which
 * leaves 21 bits for the epoch: two million elections.
 */
const COUNTER_SPAN = 0x1_0000_0000

/** Highest counter. The original gives up its leadership before using it, and so do we. */
export const counterMax = 0xffff_ffff

/** Highest epoch that leaves every zxid a safe integer. */
export const epochMax = 0x1f_ffff

export function makeZxid(epoch: number, counter: number): number {
  return epoch * COUNTER_SPAN + counter
}

export function epochOf(zxid: number): number {
  return Math.floor(zxid / COUNTER_SPAN)
}

export function counterOf(zxid: number): number {
  return zxid % COUNTER_SPAN
}

/** The zxid of NEWLEADER: no transaction has it, but a server that led or was sent a snapshot may report it as its last. */
export function isEpochStart(zxid: number): boolean {
  return counterOf(zxid) === 0
}

/** @returns whether `next` may follow `last` in a history: the next counter, or any later epoch from its beginning */
export function mayFollow(last: number, next: number): boolean {
  return next === last + 1 || (epochOf(next) > epochOf(last) && counterOf(next) >= 1)
}

export function formatZxid(zxid: number): string {
  return `0x${zxid.toString(16)}`
}
