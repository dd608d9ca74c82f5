/**
 * Kafka's offset checkpoint files: `recovery-point-offset-checkpoint`, `log-start-offset-checkpoint`,
 * `replication-offset-checkpoint`. Text:
 *
 *   0                  version
 *   2                  number of lines that follow
 *   topic 0 42         topic partition offset
 *   topic 1 17
 */
import { readLines } from './text-lines.ts'

export const RECOVERY_POINT_FILE: string = 'recovery-point-offset-checkpoint'
export const LOG_START_FILE: string = 'log-start-offset-checkpoint'
export const HIGH_WATERMARK_FILE: string = 'replication-offset-checkpoint'

/** Offsets by `topic-partition` directory name. */
export type OffsetCheckpoint = ReadonlyMap<string, number>

/** @returns undefined when the content is damaged */
export function readOffsetCheckpoint(text: string): Map<string, number> | undefined {
  const lines = readLines(text)
  const count = Number(lines[1])
  if (lines[0] !== '0' || !Number.isInteger(count) || lines.length !== count + 2) return undefined
  const offsets: Map<string, number> = new Map()
  for (const line of lines.slice(2)) {
    const match = /^([a-zA-Z0-9._-]+) ([0-9]{1,10}) ([0-9]{1,16})$/.exec(line)
    if (match === null) return undefined
    offsets.set(`${match[1]}-${match[2]}`, Number(match[3]))
  }
  return offsets
}

export function writeOffsetCheckpoint(offsets: OffsetCheckpoint): string {
  let text = `0\n${offsets.size}\n`
  for (const [name, offset] of offsets) {
    const dash = name.lastIndexOf('-')
    text += `${name.slice(0, dash)} ${name.slice(dash + 1)} ${offset}\n`
  }
  return text
}
