import { dynamicNumber } from '../broker/replication/throttle.ts'
import type { ClusterView } from '../cluster/view.ts'
import type { Entropy } from '../io/ports.ts'
import type { LogEnvironment } from '../log/environment.ts'
import { partitionDirectoryName } from '../log/file-names.ts'
import { endPromotion, openFuture, promoteFuture } from '../partition/future-replica.ts'
import { Replica, type ReplicaOptions } from '../partition/replica.ts'
import type { PartitionAssignment } from '../shard/contract.ts'
import type { RelocationPorts } from '../shard/relocations.ts'

/** As many random bytes as a UUID has: what Kafka names such directories by. */
const UNIQUE_SIZE_BYTES = 16
/** Set while running only, as the other throttles. */
const RATE_KEY = 'replica.alter.log.dirs.io.max.bytes.per.second'

/** Opens a replica where its assignment says. Throws `DiskError`. */
export function openReplica(environment: LogEnvironment, assignment: PartitionAssignment): Replica {
  return new Replica(optionsOf(environment, assignment))
}

/** What relocations of one shard need of the node around them. */
export interface RelocationParts {
  readonly environment: LogEnvironment
  readonly entropy: Entropy
  readonly view: ClusterView
  readonly brokerId: number
  readonly shardCount: number
  readonly onEnded: RelocationPorts['onEnded']
}

export function relocationPorts(parts: RelocationParts): RelocationPorts {
  const { environment, entropy, view, brokerId, shardCount, onEnded } = parts
  return {
    openFuture: (assignment) => {
      const uniqueHex = Buffer.from(entropy.bytes(UNIQUE_SIZE_BYTES)).toString('hex')
      return openFuture(optionsOf(environment, assignment), uniqueHex)
    },
    promoteFuture: (assignment, from) => promoteFuture(optionsOf(environment, assignment), from),
    endPromotion: ({ directory, topic, partition }, from) =>
      endPromotion(environment, directory, from, partitionDirectoryName(topic, partition)),
    onEnded,
    bytesPerSecond: () => (dynamicNumber(view, brokerId, RATE_KEY) ?? Infinity) / shardCount,
  }
}

function optionsOf(environment: LogEnvironment, assignment: PartitionAssignment): ReplicaOptions {
  const { topic, topicId, partition, handle, directory, config, leaderEpoch, role } = assignment
  return {
    environment,
    topic,
    topicId,
    partition,
    handle,
    logDirectory: directory,
    config,
    leaderEpoch,
    isReplicated: role.kind === 'follower' || role.replicas.length > 1,
  }
}
