/**
 * Every error code of the Kafka protocol, by its name in camel case.
 *
 * The numbers are on the wire: they never change meaning. Codes above 133 belong to Kafka 4.4 and are not answered yet.
 */
export const ErrorCode = {
  unknownServerError: -1,
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  invalidFetchSize: 4,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  brokerNotAvailable: 8,
  replicaNotAvailable: 9,
  messageTooLarge: 10,
  staleControllerEpoch: 11,
  offsetMetadataTooLarge: 12,
  networkException: 13,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopicException: 17,
  recordListTooLarge: 18,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  invalidRequiredAcks: 21,
  illegalGeneration: 22,
  inconsistentGroupProtocol: 23,
  invalidGroupId: 24,
  unknownMemberId: 25,
  invalidSessionTimeout: 26,
  rebalanceInProgress: 27,
  invalidCommitOffsetSize: 28,
  topicAuthorizationFailed: 29,
  groupAuthorizationFailed: 30,
  clusterAuthorizationFailed: 31,
  invalidTimestamp: 32,
  unsupportedSaslMechanism: 33,
  illegalSaslState: 34,
  unsupportedVersion: 35,
  topicAlreadyExists: 36,
  invalidPartitions: 37,
  invalidReplicationFactor: 38,
  invalidReplicaAssignment: 39,
  invalidConfig: 40,
  notController: 41,
  invalidRequest: 42,
  unsupportedForMessageFormat: 43,
  policyViolation: 44,
  outOfOrderSequenceNumber: 45,
  duplicateSequenceNumber: 46,
  invalidProducerEpoch: 47,
  invalidTxnState: 48,
  invalidProducerIdMapping: 49,
  invalidTransactionTimeout: 50,
  concurrentTransactions: 51,
  transactionCoordinatorFenced: 52,
  transactionalIdAuthorizationFailed: 53,
  securityDisabled: 54,
  operationNotAttempted: 55,
  kafkaStorageError: 56,
  logDirNotFound: 57,
  saslAuthenticationFailed: 58,
  unknownProducerId: 59,
  reassignmentInProgress: 60,
  delegationTokenAuthDisabled: 61,
  delegationTokenNotFound: 62,
  delegationTokenOwnerMismatch: 63,
  delegationTokenRequestNotAllowed: 64,
  delegationTokenAuthorizationFailed: 65,
  delegationTokenExpired: 66,
  invalidPrincipalType: 67,
  nonEmptyGroup: 68,
  groupIdNotFound: 69,
  fetchSessionIdNotFound: 70,
  invalidFetchSessionEpoch: 71,
  listenerNotFound: 72,
  topicDeletionDisabled: 73,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  unsupportedCompressionType: 76,
  staleBrokerEpoch: 77,
  offsetNotAvailable: 78,
  memberIdRequired: 79,
  preferredLeaderNotAvailable: 80,
  groupMaxSizeReached: 81,
  fencedInstanceId: 82,
  eligibleLeadersNotAvailable: 83,
  electionNotNeeded: 84,
  noReassignmentInProgress: 85,
  groupSubscribedToTopic: 86,
  invalidRecord: 87,
  unstableOffsetCommit: 88,
  throttlingQuotaExceeded: 89,
  producerFenced: 90,
  resourceNotFound: 91,
  duplicateResource: 92,
  unacceptableCredential: 93,
  inconsistentVoterSet: 94,
  invalidUpdateVersion: 95,
  featureUpdateFailed: 96,
  principalDeserializationFailure: 97,
  snapshotNotFound: 98,
  positionOutOfRange: 99,
  unknownTopicId: 100,
  duplicateBrokerRegistration: 101,
  brokerIdNotRegistered: 102,
  inconsistentTopicId: 103,
  inconsistentClusterId: 104,
  transactionalIdNotFound: 105,
  fetchSessionTopicIdError: 106,
  ineligibleReplica: 107,
  newLeaderElected: 108,
  offsetMovedToTieredStorage: 109,
  fencedMemberEpoch: 110,
  unreleasedInstanceId: 111,
  unsupportedAssignor: 112,
  staleMemberEpoch: 113,
  mismatchedEndpointType: 114,
  unsupportedEndpointType: 115,
  unknownControllerId: 116,
  unknownSubscriptionId: 117,
  telemetryTooLarge: 118,
  invalidRegistration: 119,
  transactionAbortable: 120,
  invalidRecordState: 121,
  shareSessionNotFound: 122,
  invalidShareSessionEpoch: 123,
  fencedStateEpoch: 124,
  invalidVoterKey: 125,
  duplicateVoter: 126,
  voterNotFound: 127,
  invalidRegularExpression: 128,
  rebootstrapRequired: 129,
  streamsInvalidTopology: 130,
  streamsInvalidTopologyEpoch: 131,
  streamsTopologyFenced: 132,
  shareSessionLimitReached: 133,
  groupDeletionFailed: 134,
  streamsTopologyDescriptionUpdateFailed: 135,
  controllerIdNotRegistered: 136,
} as const

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode]

/** Codes after which a client may send the same request again. */
const RETRIABLE: ReadonlySet<number> = new Set([
  2, 3, 5, 6, 7, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 70, 71, 72, 74, 75, 78, 80, 83, 84, 88, 89, 100, 103, 106, 122,
  123, 133,
])

/** Codes that mean the client's picture of the cluster is old. */
const INVALID_METADATA: ReadonlySet<number> = new Set([3, 5, 6, 9, 13, 56, 72, 74, 80, 83, 84, 100, 103])

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ErrorCode).map(([name, code]) => [
    code,
    name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(),
  ]),
)

/**
 * The protocol's own name of a code, such as `NOT_LEADER_OR_FOLLOWER`.
 *
 * @param code an error code from the wire; an unknown one gives `UNKNOWN_n`
 */
export function errorName(code: number): string {
  return NAMES.get(code) ?? `UNKNOWN_${code}`
}

/** Whether a client may repeat a request that was answered with `code`. */
export function isRetriable(code: number): boolean {
  return RETRIABLE.has(code)
}

/** Whether a client should refresh its metadata after `code`. */
export function isInvalidMetadata(code: number): boolean {
  return INVALID_METADATA.has(code)
}
