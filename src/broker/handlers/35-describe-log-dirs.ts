/**
 * DescribeLogDirs, versions 0-5.
 *
 * Promises: every configured log directory with the sizes of the partitions asked for, null meaning all.
 * Version notes: 2 flexible; 3 error code of the whole; 4 volume sizes; 5 cordoned directories.
 * A replica that is being copied from another directory is named in both, as future one in the new one. A future replica's lag is
 *   that behind the present one.
 * Left out: cordoned directories (there is no such key yet). A directory
 *   whose file system does not answer is offline: KAFKA_STORAGE_ERROR; one that lost single partitions is not.
 */
import { DiskError, type Volume } from '../../io/ports.ts'
import { ErrorCode } from '../../model/error-code.ts'
import {
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponse,
  describeLogDirsApi,
  readDescribeLogDirsRequest,
  writeDescribeLogDirsResponse,
} from '../../protocol/generated/35-describe-log-dirs.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { LogDirectoryRow } from '../../shard/contract.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'

type DirectoryAnswer = Draft<DescribeLogDirsResponse['results'][number]>
type PartitionRow = Draft<DescribeLogDirsResponse['results'][number]['topics'][number]['partitions'][number]>

export const describeLogDirsHandler: ApiHandler<DescribeLogDirsRequest, DescribeLogDirsResponse> = {
  apiKey: describeLogDirsApi.key,
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: describeLogDirsApi.flexibleVersion,
  read: readDescribeLogDirsRequest,
  write: writeDescribeLogDirsResponse,
  async handle(request, _context, services) {
    const perShard = await Promise.all(shardsOf(services).map((shard) => services.shards.logDirectories(shard)))
    const rows = perShard.flat().filter((row) => isAsked(request, row))
    const directories = new Set([...services.config.logDirectories, ...rows.map(({ directory }) => directory)])
    const results = [...directories].map((directory) =>
      answerOf(
        directory,
        rows.filter((row) => row.directory === directory),
        services,
      ),
    )
    return { errorCode: ErrorCode.none, results }
  },
}

/** Shards of this node that own something. */
function shardsOf(services: BrokerServices): readonly number[] {
  const shards = new Set<number>()
  for (const { partitions } of services.view.topics()) {
    for (const { shard } of partitions) if (shard >= 0) shards.add(shard)
  }
  return [...shards].sort((left, right) => left - right)
}

function isAsked(request: DescribeLogDirsRequest, row: LogDirectoryRow): boolean {
  if (request.topics === null) return true
  return request.topics.some(({ topic, partitions }) => topic === row.topic && partitions.includes(row.partition))
}

function answerOf(logDir: string, rows: readonly LogDirectoryRow[], services: BrokerServices): DirectoryAnswer {
  const volume = volumeOf(logDir, services)
  if (volume === OFFLINE) return { errorCode: ErrorCode.kafkaStorageError, logDir, topics: [] }
  const byTopic = new Map<string, PartitionRow[]>()
  for (const { topic, partition, sizeBytes, offsetLag, isFuture: isFutureKey } of rows) {
    const partitions = byTopic.get(topic) ?? []
    partitions.push({ partitionIndex: partition, partitionSize: sizeBytes, offsetLag, isFutureKey })
    byTopic.set(topic, partitions)
  }
  const topics = [...byTopic].map(([name, partitions]) => ({ name, partitions }))
  return {
    errorCode: ErrorCode.none,
    logDir,
    topics,
    ...(volume === undefined ? {} : { totalBytes: volume.sizeBytes, usableBytes: volume.usableBytes }),
  }
}

const OFFLINE = 'offline'

function volumeOf(directory: string, { log, ...services }: BrokerServices): Volume | typeof OFFLINE | undefined {
  try {
    return services.volumeOf(directory)
  } catch (error) {
    if (!(error instanceof DiskError)) throw error
    log.warn(`the file system of ${directory} does not answer (${error.code})`, { directory })
    return OFFLINE
  }
}
