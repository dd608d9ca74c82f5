// hot: per request
import { writeStat } from '../../jute/generated/data.ts'
import { writeMultiHeader } from '../../jute/generated/proto.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import type { JuteWriter } from '../../jute/writer.ts'
import type { Applied } from '../tree/znode-tree.ts'

/**
 * Writes the body that answers an applied write.
 *
 * @param type the operation that the client asked for, which decides the record
 * @param partTypes for a multi the operations asked for, in order
 */
export function writeAnswer(out: JuteWriter, type: number, applied: Applied, partTypes: readonly number[]): void {
  switch (type) {
    case Operation.create:
      out.string(applied.path)
      return
    case Operation.create2:
    case Operation.createContainer:
    case Operation.createTtl:
      out.string(applied.path)
      if (applied.stat !== undefined) writeStat(out, applied.stat)
      return
    case Operation.setData:
    case Operation.setAcl:
    case Operation.reconfig:
      if (applied.stat !== undefined) writeStat(out, applied.stat)
      return
    case Operation.multi:
      writeMultiAnswer(out, applied.parts ?? [], partTypes)
      return
    default:
      return
  }
}

function writeMultiAnswer(out: JuteWriter, parts: readonly Applied[], partTypes: readonly number[]): void {
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]
    if (part === undefined) continue
    if (part.type === Operation.error) {
      writeMultiHeader(out, { type: Operation.error, done: false, err: part.code })
      out.int32(part.code)
      continue
    }
    const asked = partTypes[index] ?? part.type
    const isNewCreate = asked === Operation.createContainer || asked === Operation.createTtl
    const type = isNewCreate ? Operation.create2 : asked
    writeMultiHeader(out, { type, done: false, err: ErrorCode.ok })
    writeAnswer(out, type, part, [])
  }
  writeMultiHeader(out, { type: -1, done: true, err: -1 })
}
