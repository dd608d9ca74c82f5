import { ErrorCode } from '../../src/model/error-code.ts'
import type { Replica } from '../../src/partition/replica.ts'
import { batchOf, type LogWorld } from './log-world.ts'

/** Stages and flushes one batch. @returns the code of whichever refused first */
export function append(world: LogWorld, replica: Replica, bytes: Uint8Array): ErrorCode {
  const code = stage(world, replica, bytes)
  return code === ErrorCode.none ? replica.flush() : code
}

export function stage(world: LogWorld, replica: Replica, bytes: Uint8Array): ErrorCode {
  if (!replica.hasStaged) world.clear()
  return replica.stage(world.put(bytes), bytes.length, 'client', world.nowMs)
}

export interface ReadRecord {
  readonly offset: number
  readonly value: string
}

/** Every record from `fromOffset` to the high watermark, read in pieces of at most about `sizeBytesMax`. */
export function readAll(
  world: LogWorld,
  replica: Replica,
  fromOffset: number = replica.position.logStartOffset,
  sizeBytesMax: number = 1 << 20,
): ReadRecord[] {
  const records: ReadRecord[] = []
  let offset = fromOffset
  while (offset < replica.position.highWatermark) {
    const code = replica.planRead(offset, replica.position.highWatermark, sizeBytesMax)
    if (code !== ErrorCode.none) throw new Error(`planRead(${offset}) answered ${code}`)
    const { file, position, sizeBytes, segment } = replica.plan
    if (sizeBytes === 0) throw new Error(`nothing to read at ${offset}`)
    const bytes = new Uint8Array(sizeBytes)
    if (world.disk.readSync(file, bytes, position) !== sizeBytes) throw new Error('the plan reaches beyond the file')
    replica.releaseRead(segment)
    let next = offset
    const verdict = world.codec.decodeBatches(bytes, (record, batch) => {
      next = batch.baseOffset + batch.lastOffsetDelta + 1
      if (record.offset >= offset)
        records.push({ offset: record.offset, value: new TextDecoder().decode(record.value ?? undefined) })
    })
    if (verdict !== 0 || next === offset) throw new Error(`verdict ${verdict} reading at ${offset}`)
    offset = next
  }
  return records
}

/** A batch whose records carry `text` and their number. */
export function textBatch(
  text: string,
  count: number = 1,
  options: Parameters<typeof batchOf>[1] = {},
  timestampMs = 1_700_000_000_000,
): Uint8Array {
  const drafts = Array.from({ length: count }, (_, index) => ({
    timestampMs: timestampMs + index,
    key: null,
    value: new TextEncoder().encode(`${text}#${index}`),
  }))
  return batchOf(drafts, options)
}
