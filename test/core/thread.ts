import { parentPort, workerData } from 'node:worker_threads'
import { RULE_WALK_RECORDS } from '../../src/wasm/contract.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'

// The other thread of threads.test.ts: judges the same batch over and over with a core of its own.

interface Task {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly scratchAt: number
  readonly batchAt: number
  readonly sizeBytes: number
  readonly times: number
}

const task = workerData as Task
const core = createRecordCore(task.module, task.memory, task.scratchAt)
let sound = 0
for (let left = task.times; left > 0; left--) {
  if (core.judgeBatch(task.batchAt, task.sizeBytes, RULE_WALK_RECORDS) === 0) sound += 1
}
parentPort?.postMessage({ sound, recordCount: core.summary.recordCount })
