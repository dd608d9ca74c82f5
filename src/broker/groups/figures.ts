import type { HostedPartition } from './hosted-partition.ts'

/** A group in numbers, for monitoring. */
export interface GroupFigures {
  readonly groupId: string
  readonly memberCount: number
  readonly offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[]
}

/** Every group of a partition, also those that only have offsets. */
export function figuresOf({ groups: { groups, offsets } }: HostedPartition): GroupFigures[] {
  const ids = new Set([...groups.keys(), ...offsets.groupIds()])
  return [...ids].map((groupId) => {
    const rows: GroupFigures['offsets'][number][] = []
    for (const [topic, slots] of offsets.slotsOf(groupId) ?? []) {
      for (const [partition, { committed }] of slots) {
        if (committed !== undefined) rows.push({ topic, partition, offset: committed.offset })
      }
    }
    return { groupId, memberCount: groups.get(groupId)?.members.size ?? 0, offsets: rows }
  })
}
