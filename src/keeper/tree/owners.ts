/** Owner that marks a container. */
export const containerOwner: bigint = -0x8000_0000_0000_0000n
const ttlOwnerMark = -0x0100_0000_0000_0000n
const ttlMask = 0xff_ffff_ffffn
/** Longest time to live that the owner field can hold. */
export const ttlMaxMs: number = Number(ttlMask)

/** @returns the owner that marks a node living `ttlMs` after its last change */
export function ttlOwner(ttlMs: number): bigint {
  return ttlOwnerMark | BigInt(ttlMs)
}

/** What the owner field says of a node. */
export function ownerKind(owner: bigint): 'persistent' | 'ephemeral' | 'container' | 'ttl' {
  if (owner === 0n) return 'persistent'
  if (owner === containerOwner) return 'container'
  return owner >> 56n === -1n ? 'ttl' : 'ephemeral'
}

/** @returns the time to live held in an owner of kind `ttl`, milliseconds */
export function ttlOf(owner: bigint): number {
  return Number(owner & ttlMask)
}
