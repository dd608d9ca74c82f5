import { randomBytes } from 'node:crypto'
import type { Entropy } from '../ports.ts'

/** Chance from the operating system. */
export class NodeEntropy implements Entropy {
  bytes(sizeBytes: number): Uint8Array {
    return new Uint8Array(randomBytes(sizeBytes))
  }

  unit(): number {
    return Math.random()
  }
}
