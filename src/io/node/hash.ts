import { createHash, getHashes } from 'node:crypto'
import type { Hash } from '../ports.ts'

/** The platform's hash functions under Java's names: 'SHA-256' is OpenSSL's 'sha256', 'SHA3-256' its 'sha3-256'. */
export const nodeHash: Hash = (algorithm, bytes) => {
  const lower = algorithm.toLowerCase()
  const name = lower.startsWith('sha3-') ? lower : lower.replace('-', '')
  if (!getHashes().includes(name) && !getHashes().includes(lower)) return undefined
  try {
    return createHash(name).update(bytes).digest()
  } catch {
    // Listed, but switched off: MD5 where the machine is in FIPS mode.
    return undefined
  }
}
