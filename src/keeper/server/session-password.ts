const SUPER_SECRET = 0xb3415c00n
const MULTIPLIER = 0x5deece66dn
const INCREMENT = 0xbn
const MASK = (1n << 48n) - 1n
const PASSWORD_BYTES = 16

/**
 * A session's password follows from its id alone (48-bit linear congruential generator, low byte of each step first), so
 * that any server, ours or ZooKeeper's, can verify it without asking anybody.
 */
export function sessionPassword(sessionId: bigint): Uint8Array {
  let seed = (BigInt.asUintN(64, sessionId) ^ SUPER_SECRET ^ MULTIPLIER) & MASK
  const password = new Uint8Array(PASSWORD_BYTES)
  for (let at = 0; at < PASSWORD_BYTES; at += 4) {
    seed = (seed * MULTIPLIER + INCREMENT) & MASK
    const value = Number(seed >> 16n)
    for (let byte = 0; byte < 4; byte += 1) password[at + byte] = value >>> (8 * byte)
  }
  return password
}

/** @returns whether a client proved that the session is its own */
export function isSessionPassword(sessionId: bigint, password: Uint8Array | null): boolean {
  const expected = sessionPassword(sessionId)
  if (password === null || password.length !== PASSWORD_BYTES) return false
  let difference = 0
  for (let at = 0; at < PASSWORD_BYTES; at += 1) difference |= (expected[at] ?? 0) ^ (password[at] ?? 0)
  return difference === 0
}

/**
 * First id of a server's life: the server in the top byte, then 40 bits of time, then a counter.
 *
 * @param serverId 1 for a standalone server
 */
export function firstSessionId(serverId: number, wallMs: number): bigint {
  const time = BigInt.asUintN(64, BigInt(Math.floor(wallMs)) << 24n) >> 8n
  return BigInt.asIntN(64, (BigInt(serverId) << 56n) | time)
}

/** Gives out session ids, for as long as the process lives: a server that leads or follows anew goes on where it was. */
export class SessionIds {
  #next: bigint

  constructor(serverId: number, wallMs: number) {
    this.#next = firstSessionId(serverId, wallMs)
  }

  next(): bigint {
    const id = this.#next
    this.#next = BigInt.asIntN(64, id + 1n)
    return id
  }
}
