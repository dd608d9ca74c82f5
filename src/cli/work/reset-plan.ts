import type { AdminContext } from '../../client/admin/context.ts'
import { committedOffsets } from '../../client/admin/groups.ts'
import { listOffsets } from '../../client/admin/offsets.ts'
import { describeTopics } from '../../client/admin/topics.ts'
import { throwIfRefused } from '../../client/errors.ts'
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '../../model/special-offsets.ts'
import { UsageError } from '../failure.ts'

/** Where a reset puts a group. */
export type ResetTarget =
  | { readonly to: 'earliest' | 'latest' | 'current' }
  | { readonly to: 'offset'; readonly offset: number }
  | { readonly to: 'shift'; readonly by: number }
  | { readonly to: 'time'; readonly timestampMs: number }
  | { readonly to: 'file'; readonly offsets: readonly PlannedOffset[] }

export interface PlannedOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** What a reset would set, each offset within what its partition holds; by topic and partition. */
export async function planReset(
  admin: AdminContext,
  groupId: string,
  topics: readonly string[],
  target: ResetTarget,
): Promise<readonly PlannedOffset[]> {
  const plan = await unorderedPlan(admin, groupId, topics, target)
  return [...plan].sort((left, right) =>
    left.topic === right.topic ? left.partition - right.partition : left.topic < right.topic ? -1 : 1,
  )
}

async function unorderedPlan(
  admin: AdminContext,
  groupId: string,
  topics: readonly string[],
  target: ResetTarget,
): Promise<readonly PlannedOffset[]> {
  if (target.to === 'file') return clamp(admin, target.offsets)
  const partitions = await partitionsOf(admin, topics)
  const at = (timestampMs: number): Promise<readonly PlannedOffset[]> =>
    listOffsets(
      admin,
      partitions.map((partition) => ({ ...partition, timestampMs })),
    )
  switch (target.to) {
    case 'earliest':
      return at(EARLIEST_TIMESTAMP)
    case 'latest':
      return at(LATEST_TIMESTAMP)
    case 'time': {
      const ends = await at(LATEST_TIMESTAMP)
      return (await at(target.timestampMs)).map((found) =>
        found.offset >= 0 ? found : (ends.find((end) => isSame(end, found)) ?? found),
      )
    }
    case 'offset':
      return clamp(
        admin,
        partitions.map((partition) => ({ ...partition, offset: target.offset })),
      )
    case 'current':
    case 'shift': {
      const committed = await committedOffsets(admin, groupId)
      const ends = await at(LATEST_TIMESTAMP)
      const by = target.to === 'shift' ? target.by : 0
      const current = ends.map((end) => committed.find((found) => isSame(found, end)) ?? end)
      return clamp(
        admin,
        current.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset + by })),
      )
    }
  }
}

/**
 * Reads `topic` or `topic:0,1` into partitions.
 *
 * @throws UsageError, BrokerError for a topic that is not there
 */
export async function partitionsOf(
  admin: AdminContext,
  texts: readonly string[],
): Promise<readonly { readonly topic: string; readonly partition: number }[]> {
  const found: { topic: string; partition: number }[] = []
  for (const text of texts) {
    const [topic = '', numbers] = text.split(':')
    if (numbers !== undefined) {
      for (const number of numbers.split(',')) {
        if (!/^\d+$/.test(number))
          throw new UsageError(`'${text}': write topic:partition,partition, such as orders:0,2`)
        found.push({ topic, partition: Number(number) })
      }
      continue
    }
    for (const metadata of await describeTopics(admin, [topic])) {
      throwIfRefused(metadata.errorCode, `topic '${topic}'`)
      for (const { partition } of metadata.partitions) found.push({ topic, partition })
    }
  }
  return found
}

/**
 * Reads lines of `topic,partition,offset`, as `--export` writes them.
 *
 * @throws UsageError naming the line
 */
export function parsePlan(text: string): readonly PlannedOffset[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const match = /^"?(?<topic>[^",]+)"?,(?<partition>\d+),(?<offset>\d+)$/.exec(line)
      const { topic, partition, offset } = match?.groups ?? {}
      if (topic === undefined) throw new UsageError(`'${line}' is no line of a plan: write topic,partition,offset`)
      return { topic, partition: Number(partition), offset: Number(offset) }
    })
}

async function clamp(admin: AdminContext, wanted: readonly PlannedOffset[]): Promise<readonly PlannedOffset[]> {
  const at = (timestampMs: number): Promise<readonly PlannedOffset[]> =>
    listOffsets(
      admin,
      wanted.map(({ topic, partition }) => ({ topic, partition, timestampMs })),
    )
  const starts = await at(EARLIEST_TIMESTAMP)
  const ends = await at(LATEST_TIMESTAMP)
  return wanted.map((planned) => {
    const start = starts.find((found) => isSame(found, planned))?.offset ?? 0
    const end = ends.find((found) => isSame(found, planned))?.offset ?? planned.offset
    return { ...planned, offset: Math.min(Math.max(planned.offset, start), end) }
  })
}

function isSame(
  left: { readonly topic: string; readonly partition: number },
  right: { readonly topic: string; readonly partition: number },
): boolean {
  return left.topic === right.topic && left.partition === right.partition
}

/** Milliseconds of a date such as 2026-03-01T12:00:00.000 (UTC when it says no zone). @throws UsageError */
export function parseTime(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(text)
  const parsed = Date.parse(hasZone ? text : `${text}Z`)
  if (Number.isNaN(parsed))
    throw new UsageError(`'${text}' is no time: write YYYY-MM-DDTHH:mm:ss.sss or milliseconds since 1970`)
  return parsed
}

/** Milliseconds of a duration such as P7DT2H30M10S. @throws UsageError */
export function parseDuration(text: string): number {
  const match =
    /^P(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/.exec(text)
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = match?.groups ?? {}
  if (match === null || text === 'P')
    throw new UsageError(`'${text}' is no duration: write PnDTnHnMnS, such as PT1H30M`)
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
}
