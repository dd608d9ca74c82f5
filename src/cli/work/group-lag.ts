import type { AdminContext } from '../../client/admin/context.ts'
import { committedOffsets, describeGroup, type GroupDescription, type GroupMember } from '../../client/admin/groups.ts'
import { listOffsets } from '../../client/admin/offsets.ts'
import { isUnknownTopic } from '../../client/admin/topics.ts'
import { LATEST_TIMESTAMP } from '../../model/special-offsets.ts'

/** How far a group is in one partition. `null` where there is nothing to tell. */
export interface PartitionLag {
  readonly topic: string
  readonly partition: number
  readonly currentOffset: number | null
  readonly logEndOffset: number | null
  readonly lag: number | null
  readonly member: GroupMember | undefined
}

export interface GroupLag {
  readonly description: GroupDescription
  readonly partitions: readonly PartitionLag[]
}

/** Every partition that a group has committed in or that a member of it has. @throws BrokerError */
export async function groupLag(admin: AdminContext, groupId: string): Promise<GroupLag> {
  const description = await describeGroup(admin, groupId)
  const rows = new Map<
    string,
    { topic: string; partition: number; currentOffset: number | null; member: GroupMember | undefined }
  >()
  for (const { topic, partition, offset } of await committedOffsets(admin, groupId)) {
    rows.set(`${topic}-${partition}`, { topic, partition, currentOffset: offset, member: undefined })
  }
  for (const member of description.members) {
    for (const { topic, partition } of member.partitions) {
      const row = rows.get(`${topic}-${partition}`)
      if (row === undefined) rows.set(`${topic}-${partition}`, { topic, partition, currentOffset: null, member })
      else row.member = member
    }
  }
  const ends = await endOffsets(admin, [...rows.values()])
  const partitions = [...rows.entries()].map(([key, { topic, partition, currentOffset, member }]) => {
    const logEndOffset = ends.get(key) ?? null
    const lag = logEndOffset === null || currentOffset === null ? null : logEndOffset - currentOffset
    return { topic, partition, currentOffset, logEndOffset, lag, member }
  })
  partitions.sort((left, right) =>
    left.topic < right.topic ? -1 : left.topic > right.topic ? 1 : left.partition - right.partition,
  )
  return { description, partitions }
}

/** Ends by `topic-partition`; partitions of topics that are gone are left out. */
async function endOffsets(
  admin: AdminContext,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>()
  for (const topic of new Set(partitions.map((row) => row.topic))) {
    const questions = partitions
      .filter((row) => row.topic === topic)
      .map(({ partition }) => ({ topic, partition, timestampMs: LATEST_TIMESTAMP }))
    try {
      for (const { partition, offset } of await listOffsets(admin, questions)) ends.set(`${topic}-${partition}`, offset)
    } catch (error) {
      if (!isUnknownTopic(error)) throw error
    }
  }
  return ends
}
