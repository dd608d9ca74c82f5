/** What a broker makes of AlterReplicaLogDirs for one replica. Pure. */
import { ErrorCode } from '../../model/error-code.ts'
import type { ReplicaMove } from '../contract.ts'
import type { LocalReplica } from './replicas.ts'

/** Longest name of a directory in the usual file systems. */
const NAME_LENGTH_MAX = 255
/** What a future replica's directory is named by beyond topic and partition: `.`, 32 digits, `-future`. */
const FUTURE_NAME_LENGTH = 40

export interface MoveDecision {
  readonly code: ErrorCode
  /** It is not here: should it come, it shall lie there. */
  readonly isWish: boolean
  /** What the shard is told: where to, or '' to give up; undefined = nothing. */
  readonly movingTo: string | undefined
}

/** Codes and their order are Kafka's. @param isKnown whether the directory is one of this node's */
export function decideMove(replica: LocalReplica | undefined, move: ReplicaMove, isKnown: boolean): MoveDecision {
  const { topic, partition, directory } = move
  if (topic.length + String(partition).length + 1 + FUTURE_NAME_LENGTH > NAME_LENGTH_MAX) {
    return only(ErrorCode.invalidTopicException)
  }
  if (!isKnown) return only(ErrorCode.logDirNotFound)
  if (replica?.isFailed === true) return only(ErrorCode.kafkaStorageError)
  if (replica === undefined || !replica.isOpen) {
    return { code: ErrorCode.replicaNotAvailable, isWish: replica === undefined, movingTo: undefined }
  }
  const { movingTo = '' } = replica.place
  const wanted = directory === replica.place.directory ? '' : directory
  return wanted === movingTo ? only(ErrorCode.none) : { code: ErrorCode.none, isWish: false, movingTo: wanted }
}

function only(code: ErrorCode): MoveDecision {
  return { code, isWish: false, movingTo: undefined }
}
