import { assert } from '../../base/assert.ts'
import { type Api, type ApiRange, coldApi } from '../api.ts'
import type { Serving } from '../serving.ts'
import { api as produce } from './00-produce.ts'
import { api as fetch } from './01-fetch.ts'
import { listOffsetsHandler } from './02-list-offsets.ts'
import { metadataHandler } from './03-metadata.ts'
import { leaderAndIsrHandler } from './04-leader-and-isr.ts'
import { stopReplicaHandler } from './05-stop-replica.ts'
import { updateMetadataHandler } from './06-update-metadata.ts'
import { controlledShutdownHandler } from './07-controlled-shutdown.ts'
import { offsetCommitHandler } from './08-offset-commit.ts'
import { offsetFetchHandler } from './09-offset-fetch.ts'
import { findCoordinatorHandler } from './10-find-coordinator.ts'
import { joinGroupHandler } from './11-join-group.ts'
import { heartbeatHandler } from './12-heartbeat.ts'
import { leaveGroupHandler } from './13-leave-group.ts'
import { syncGroupHandler } from './14-sync-group.ts'
import { describeGroupsHandler } from './15-describe-groups.ts'
import { listGroupsHandler } from './16-list-groups.ts'
import { apiVersionsHandler } from './18-api-versions.ts'
import { createTopicsHandler } from './19-create-topics.ts'
import { deleteTopicsHandler } from './20-delete-topics.ts'
import { deleteRecordsHandler } from './21-delete-records.ts'
import { initProducerIdHandler } from './22-init-producer-id.ts'
import { offsetForLeaderEpochHandler } from './23-offset-for-leader-epoch.ts'
import { describeConfigsHandler } from './32-describe-configs.ts'
import { alterConfigsHandler } from './33-alter-configs.ts'
import { alterReplicaLogDirsHandler } from './34-alter-replica-log-dirs.ts'
import { describeLogDirsHandler } from './35-describe-log-dirs.ts'
import { createPartitionsHandler } from './37-create-partitions.ts'
import { deleteGroupsHandler } from './42-delete-groups.ts'
import { electLeadersHandler } from './43-elect-leaders.ts'
import { incrementalAlterConfigsHandler } from './44-incremental-alter-configs.ts'
import { alterPartitionReassignmentsHandler } from './45-alter-partition-reassignments.ts'
import { listPartitionReassignmentsHandler } from './46-list-partition-reassignments.ts'
import { offsetDeleteHandler } from './47-offset-delete.ts'
import { describeQuorumHandler } from './55-describe-quorum.ts'
import { alterPartitionHandler } from './56-alter-partition.ts'
import { updateFeaturesHandler } from './57-update-features.ts'
import { describeClusterHandler } from './60-describe-cluster.ts'
import { describeProducersHandler } from './61-describe-producers.ts'
import { unregisterBrokerHandler } from './64-unregister-broker.ts'
import { allocateProducerIdsHandler } from './67-allocate-producer-ids.ts'
import { listConfigResourcesHandler } from './74-list-config-resources.ts'
import { describeTopicPartitionsHandler } from './75-describe-topic-partitions.ts'

/**
 * Every API that is served, by key. What is not in here is neither served nor advertised.
 *
 * @returns a table of its own for each worker: handlers may keep what one worker knows
 */
export function handlerTable(): ReadonlyMap<number, Api<Serving>> {
  const table = new Map<number, Api<Serving>>()
  const apis: readonly Api<Serving>[] = [
    produce,
    fetch,
    coldApi(listOffsetsHandler),
    coldApi(metadataHandler),
    coldApi(leaderAndIsrHandler),
    coldApi(stopReplicaHandler),
    coldApi(updateMetadataHandler),
    coldApi(controlledShutdownHandler),
    coldApi(offsetCommitHandler),
    coldApi(offsetFetchHandler),
    coldApi(findCoordinatorHandler),
    coldApi(joinGroupHandler),
    coldApi(heartbeatHandler),
    coldApi(leaveGroupHandler),
    coldApi(syncGroupHandler),
    coldApi(describeGroupsHandler),
    coldApi(listGroupsHandler),
    coldApi(apiVersionsHandler(() => rangesOf(table))),
    coldApi(createTopicsHandler),
    coldApi(deleteTopicsHandler),
    coldApi(deleteRecordsHandler),
    coldApi(initProducerIdHandler()),
    coldApi(offsetForLeaderEpochHandler),
    coldApi(describeConfigsHandler),
    coldApi(alterConfigsHandler),
    coldApi(alterReplicaLogDirsHandler),
    coldApi(describeLogDirsHandler),
    coldApi(createPartitionsHandler),
    coldApi(deleteGroupsHandler),
    coldApi(electLeadersHandler),
    coldApi(incrementalAlterConfigsHandler),
    coldApi(alterPartitionReassignmentsHandler),
    coldApi(listPartitionReassignmentsHandler),
    coldApi(offsetDeleteHandler),
    coldApi(describeQuorumHandler),
    coldApi(alterPartitionHandler),
    coldApi(updateFeaturesHandler),
    coldApi(describeClusterHandler),
    coldApi(describeProducersHandler),
    coldApi(unregisterBrokerHandler),
    coldApi(allocateProducerIdsHandler),
    coldApi(listConfigResourcesHandler),
    coldApi(describeTopicPartitionsHandler),
  ]
  for (const api of apis) {
    assert(!table.has(api.apiKey), 'an api key is served once')
    table.set(api.apiKey, api)
  }
  return table
}

/** What ApiVersions names, by key. */
export function rangesOf(table: ReadonlyMap<number, Api<Serving>>): readonly ApiRange[] {
  return [...table.values()].sort((left, right) => left.apiKey - right.apiKey)
}
