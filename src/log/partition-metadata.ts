/** `partition.metadata`: the id of the topic that a partition directory belongs to. A topic made anew has another id. */
import { uuidBytes } from '../model/uuid.ts'
import type { Disk } from '../io/ports.ts'
import { PARTITION_METADATA_FILE } from './file-names.ts'
import { writeSmallFile } from './small-file.ts'
import { bytesText, readLines, textBytes } from './text-lines.ts'

/** @returns undefined when the content is damaged */
export function readPartitionMetadata(text: string): string | undefined {
  const lines = readLines(text)
  const match = /^topic_id: (\S+)$/.exec(lines[1] ?? '')
  const topicId = match?.[1]
  if (lines[0] !== 'version: 0' || topicId === undefined || uuidBytes(topicId) === undefined) return undefined
  return topicId
}

export function writePartitionMetadata(topicId: string): string {
  return `version: 0\ntopic_id: ${topicId}`
}

/** The directory belongs to a topic of the same name that was deleted or lives in another cluster. */
export class InconsistentTopicIdError extends Error {
  override readonly name: string = 'InconsistentTopicIdError'
}

/**
 * Writes the topic id into a partition's directory, or checks the one that is there.
 *
 * @param topicId '' where nobody knows it: topics that Kafka made before 2.8, and directories that are opened to be deleted
 * @throws InconsistentTopicIdError, DiskError
 */
export function ensureTopicId(disk: Disk, directory: string, topicId: string): void {
  if (topicId === '') return
  const path = `${directory}/${PARTITION_METADATA_FILE}`
  const known = topicIdIn(disk, directory)
  if (known === topicId) return
  if (known !== undefined) {
    throw new InconsistentTopicIdError(
      `${directory} belongs to topic id ${known}, not ${topicId}: another topic had this name. Move the directory away.`,
    )
  }
  writeSmallFile(disk, path, textBytes(writePartitionMetadata(topicId)))
}

/** Whether a partition's directory may be taken for one of the topic: it says so, or one of the two ids is not known. */
export function belongsTo(disk: Disk, directory: string, topicId: string): boolean {
  const known = topicIdIn(disk, directory)
  return known === undefined || topicId === '' || known === topicId
}

function topicIdIn(disk: Disk, directory: string): string | undefined {
  const path = `${directory}/${PARTITION_METADATA_FILE}`
  return disk.exists(path) ? readPartitionMetadata(bytesText(disk.readFile(path))) : undefined
}
