/** States of partitions: written under the controller's guard, then remembered. */
import { KeeperErrorCode } from '../zookeeper/contract.ts'
import type { ControllerContext } from './controller-context.ts'
import { dataOf } from './loader.ts'
import type { PartitionRecord } from './state.ts'
import { createStateWrites, stateChange } from './topic-writes.ts'
import { type PartitionStateNode, decodePartitionState, partitionStatePath } from './znodes.ts'

export interface StateChange {
  readonly topic: string
  readonly record: PartitionRecord
  readonly state: PartitionStateNode
}

export interface WrittenStates {
  readonly written: readonly StateChange[]
  /** Somebody else had written the state: it has been read again, and the decision must be made anew. */
  readonly refused: readonly StateChange[]
}

export async function writeStates(context: ControllerContext, changes: readonly StateChange[]): Promise<WrittenStates> {
  if (changes.length === 0) return { written: [], refused: [] }
  const codes = await context.writer.write(
    changes.map(({ topic, record, state }) => ({
      operations:
        record.stateVersion < 0
          ? createStateWrites(topic, new Map([[record.partition, state]]))
          : [stateChange(topic, record, state)],
    })),
  )
  const written: StateChange[] = []
  const refused: StateChange[] = []
  const records = new Map<string, PartitionRecord[]>()
  for (const [index, change] of changes.entries()) {
    if ((codes[index] ?? KeeperErrorCode.ok) !== KeeperErrorCode.ok) {
      refused.push(change)
      continue
    }
    written.push(change)
    const { topic, record, state } = change
    const list = records.get(topic) ?? []
    list.push({ ...record, state, stateVersion: record.stateVersion + 1 })
    records.set(topic, list)
  }
  for (const [topic, list] of records) context.state.putPartitions(topic, list)
  for (const change of refused) await readAgain(context, change)
  return { written, refused }
}

async function readAgain({ state, zookeeper }: ControllerContext, { topic, record }: StateChange): Promise<void> {
  const data = await dataOf(zookeeper, partitionStatePath(topic, record.partition))
  const stored = decodePartitionState(data?.data ?? null)
  if (data === undefined || stored === undefined) return
  state.putPartitions(topic, [{ ...record, state: stored, stateVersion: data.stat.version }])
}
