// A process of its own that appends to partitions until it is killed, and says what it acknowledged:
//   node log-writer.ts <log directory> <partitions> <value bytes> [segment bytes]
// Output lines: `ack <partition> <offset>` after a flush, `ready <milliseconds>` after opening everything.
import { writeSync } from 'node:fs'
import { NodeDisk } from '../../src/io/node/disk.ts'
import { LogDirectory, LogDirectoryError } from '../../src/log/log-directory.ts'
import { ErrorCode } from '../../src/model/error-code.ts'
import { Replica } from '../../src/partition/replica.ts'
import { createLogWorld, DEFAULT_CONFIG } from './log-world.ts'
import { textBatch } from './partition-steps.ts'

const [root, partitionsText, valueText, segmentText] = process.argv.slice(2)
const partitionCount = Number(partitionsText)
const disk = new NodeDisk()
const world = createLogWorld(disk)
try {
  await LogDirectory.open(disk, world.environment.logger, root as string)
} catch (error) {
  if (!(error instanceof LogDirectoryError)) throw error
  writeSync(1, `refused ${error.message}\n`)
  process.exit(3)
}
// The records carry an old timestamp: retention must not take them.
const config = { ...DEFAULT_CONFIG, retentionMs: -1, segmentBytes: Number(segmentText ?? 1 << 30) }
const startedAt = performance.now()
const replicas = Array.from(
  { length: partitionCount },
  (_, partition) =>
    new Replica({
      environment: world.environment,
      topic: 'kill',
      partition,
      handle: partition,
      logDirectory: root as string,
      config,
      leaderEpoch: 0,
    }),
)
writeSync(1, `ready ${(performance.now() - startedAt).toFixed(1)}\n`)
const value = 'v'.repeat(Number(valueText))
let turn = 0
for (;;) {
  for (const replica of replicas) {
    world.clear()
    for (let index = 0; index < 3; index += 1) {
      const bytes = textBatch(value, 2)
      if (replica.stage(world.put(bytes), bytes.length, 'client', Date.now()) !== ErrorCode.none) process.exit(4)
    }
    if (replica.flush() !== ErrorCode.none) process.exit(5)
    writeSync(1, `ack ${replica.partition} ${replica.position.logEndOffset}\n`)
  }
  turn += 1
  if (turn % 50 === 0) {
    for (const replica of replicas) replica.maintain(Date.now())
    await new Promise((resolve) => setImmediate(resolve))
  }
}
