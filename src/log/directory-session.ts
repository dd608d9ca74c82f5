/**
 * `jackdaw.session` in a log directory: a note to shards of this start and to the next start. Shards learn from it
 * whether the directory was clean; the next start sees whether Kafka has been there in between.
 */
import type { Disk } from '../io/ports.ts'
import { RECOVERY_POINT_FILE } from './offset-checkpoint.ts'
import { bytesText, textBytes } from './text-lines.ts'

export const SESSION_FILE: string = 'jackdaw.session'

export interface Session {
  /** Modification time of Kafka's recovery points as we last saw them, -1 without such a file. */
  readonly recoveryPointsModifiedAtMs: number
  /** The process before this one stopped in order. */
  readonly wasClean: boolean
}

export function writeSession(disk: Disk, path: string, wasClean: boolean): void {
  const recoveryPointsModifiedAtMs = disk.modifiedAtMs(`${path}/${RECOVERY_POINT_FILE}`)
  disk.replaceFile(`${path}/${SESSION_FILE}`, textBytes(JSON.stringify({ recoveryPointsModifiedAtMs, wasClean })))
}

/** @returns undefined when there is none or it cannot be read */
export function readSession(disk: Disk, path: string): Session | undefined {
  const file = `${path}/${SESSION_FILE}`
  if (!disk.exists(file)) return undefined
  try {
    const session = JSON.parse(bytesText(disk.readFile(file))) as Partial<Session>
    if (typeof session.recoveryPointsModifiedAtMs !== 'number' || typeof session.wasClean !== 'boolean')
      return undefined
    return { recoveryPointsModifiedAtMs: session.recoveryPointsModifiedAtMs, wasClean: session.wasClean }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
