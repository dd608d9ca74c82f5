/** Each method of the coordinator: from the request's message to an input of the state machine, and back. */
import { assert } from '../../base/assert.ts'
import type { Step } from '../../coordinator/group/effects.ts'
import type { Entropy } from '../../io/ports.ts'
import { ErrorCode } from '../../model/error-code.ts'
import type { GroupCalls, GroupMethod } from './contract.ts'
import type { HostedPartition } from './hosted-partition.ts'
import { refusal } from './refusals.ts'
import type { GroupSettings } from './settings.ts'
import type { GroupCaller, GroupMessage } from './transport.ts'

/** What a method needs of the coordinator that runs it. */
export interface CallHost {
  readonly settings: GroupSettings
  readonly entropy: Entropy
  perform<Value>(
    host: HostedPartition,
    operate: (step: Step) => Value,
  ): { readonly value: Value; readonly written: Promise<ErrorCode> | undefined }
  park<Value>(): { readonly waiter: number; readonly answered: Promise<Value>; readonly answer: (value: Value) => void }
}

type Method<Name extends GroupMethod> = (
  call: CallHost,
  host: HostedPartition,
  request: GroupCalls[Name]['request'],
  caller: GroupCaller,
) => Promise<GroupCalls[Name]['answer']>

/** First JoinGroup version whose clients come back with the id they are given (KIP-394). */
const KNOWN_MEMBER_ID_SINCE_VERSION = 4
/** First JoinGroup version whose clients know `skipAssignment` (KIP-814). */
const SKIP_ASSIGNMENT_SINCE_VERSION = 9
/** First DescribeGroups version that says that a group does not exist, instead of calling it dead. */
const NOT_FOUND_SINCE_DESCRIBE_VERSION = 6
const LAST_LEAVE_VERSION_OF_ONE_MEMBER = 2

const METHODS: { readonly [Name in GroupMethod]: Method<Name> } = {
  joinGroup,
  syncGroup,
  heartbeat,
  leaveGroup,
  commitOffsets,
  fetchOffsets,
  describeGroup,
  listGroups: (_call, host, request) => Promise.resolve(list(request, [host])),
  deleteGroup,
  deleteOffsets,
}

/** Groups that have to have a name. The others may be '', for clients from before that was forbidden. */
const NAME_REQUIRED: ReadonlySet<GroupMethod> = new Set([
  'joinGroup',
  'syncGroup',
  'heartbeat',
  'leaveGroup',
  'deleteOffsets',
])

/** Answers `message` from the groups of `host`, which is active. */
export function answerCall<Name extends GroupMethod>(
  call: CallHost,
  host: HostedPartition,
  message: GroupMessage<Name>,
): Promise<GroupCalls[Name]['answer']> {
  if (message.groupId === '' && NAME_REQUIRED.has(message.method)) {
    return Promise.resolve(refusal(message.method, message.request, ErrorCode.invalidGroupId))
  }
  return METHODS[message.method](call, host, message.request, message.caller)
}

/** ListGroups over all partitions of a shard. */
export function listAll(message: GroupMessage, hosts: Iterable<HostedPartition>): GroupCalls['listGroups']['answer'] {
  assert(message.method === 'listGroups', `${message.method} is a question to one group`)
  return list((message as GroupMessage<'listGroups'>).request, hosts)
}

function list(
  request: GroupCalls['listGroups']['request'],
  hosts: Iterable<HostedPartition>,
): GroupCalls['listGroups']['answer'] {
  const groups = []
  for (const host of hosts) {
    // Part of the groups would look like all of them.
    if (host.state === 'loading') return { errorCode: ErrorCode.coordinatorLoadInProgress, groups: [] }
    groups.push(...host.groups.list(request.statesFilter, request.typesFilter))
  }
  return { errorCode: ErrorCode.none, groups }
}

function joinGroup(
  call: CallHost,
  host: HostedPartition,
  request: GroupCalls['joinGroup']['request'],
  caller: GroupCaller,
): Promise<GroupCalls['joinGroup']['answer']> {
  const { sessionTimeoutMinMs, sessionTimeoutMaxMs } = call.settings.groups
  if (request.sessionTimeoutMs < sessionTimeoutMinMs || request.sessionTimeoutMs > sessionTimeoutMaxMs) {
    return Promise.resolve(refusal('joinGroup', request, ErrorCode.invalidSessionTimeout))
  }
  const parked = call.park<GroupCalls['joinGroup']['answer']>()
  const { value } = call.perform(host, (step) =>
    host.groups.join(
      step,
      {
        groupId: request.groupId,
        memberId: request.memberId,
        groupInstanceId: request.groupInstanceId,
        protocolType: request.protocolType,
        protocols: request.protocols,
        sessionTimeoutMs: request.sessionTimeoutMs,
        // Version 0 has one timeout for both.
        rebalanceTimeoutMs: caller.apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
        reason: request.reason,
        clientId: caller.clientId,
        clientHost: caller.clientHost,
        newMemberSuffix: request.memberId === '' ? randomUuid(call.entropy) : '',
        requiresKnownMemberId: caller.apiVersion >= KNOWN_MEMBER_ID_SINCE_VERSION,
        supportsSkippingAssignment: caller.apiVersion >= SKIP_ASSIGNMENT_SINCE_VERSION,
      },
      parked.waiter,
    ),
  )
  if (value !== undefined) parked.answer(value)
  return parked.answered
}

function syncGroup(
  call: CallHost,
  host: HostedPartition,
  request: GroupCalls['syncGroup']['request'],
): Promise<GroupCalls['syncGroup']['answer']> {
  const parked = call.park<GroupCalls['syncGroup']['answer']>()
  const { value } = call.perform(host, (step) => host.groups.sync(step, request, parked.waiter))
  if (value !== undefined) parked.answer(value)
  return parked.answered
}

function heartbeat(
  call: CallHost,
  host: HostedPartition,
  request: GroupCalls['heartbeat']['request'],
): Promise<GroupCalls['heartbeat']['answer']> {
  const { value } = call.perform(host, (step) => host.groups.heartbeat(step, request))
  return Promise.resolve({ errorCode: value })
}

async function leaveGroup(
  call: CallHost,
  host: HostedPartition,
  request: GroupCalls['leaveGroup']['request'],
  caller: GroupCaller,
): Promise<GroupCalls['leaveGroup']['answer']> {
  const leaving =
    caller.apiVersion <= LAST_LEAVE_VERSION_OF_ONE_MEMBER
      ? [{ memberId: request.memberId, groupInstanceId: null, reason: null }]
      : request.members
  const { value, written } = call.perform(host, (step) => host.groups.leave(step, request.groupId, leaving))
  const code = (await written) ?? ErrorCode.none
  return code === ErrorCode.none ? value : refusal('leaveGroup', request, code)
}

async function commitOffsets(
  call: CallHost,
  host: HostedPartition,
  request: GroupCalls['commitOffsets']['request'],
  caller: GroupCaller,
): Promise<GroupCalls['commitOffsets']['answer']> {
  const { value, written } = call.perform(host, (step) =>
    host.groups.commit(step, {
      groupId: request.groupId,
      generationIdOrMemberEpoch: request.generationIdOrMemberEpoch,
      memberId: request.memberId,
      groupInstanceId: request.groupInstanceId,
      retentionTimeMs: request.retentionTimeMs,
      apiVersion: caller.apiVersion,
      topics: request.topics,
    }),
  )
  if (written === undefined) return value
  const code = await written
  return code === ErrorCode.none ? value : refusal('commitOffsets', request, code)
}

async function fetchOffsets(
  _call: CallHost,
  host: HostedPartition,
  request: GroupCalls['fetchOffsets']['request'],
): Promise<GroupCalls['fetchOffsets']['answer']> {
  // Who asks for stable offsets must not be given one that a commit under way is about to replace.
  if (request.requireStable && host.unfinishedAppends > 0) await host.lastAppend
  if (host.state !== 'active') return refusal('fetchOffsets', request, ErrorCode.notCoordinator)
  return { groupId: request.groupId, errorCode: ErrorCode.none, topics: host.groups.fetchOffsets(request) }
}

function describeGroup(
  _call: CallHost,
  host: HostedPartition,
  request: GroupCalls['describeGroup']['request'],
  caller: GroupCaller,
): Promise<GroupCalls['describeGroup']['answer']> {
  const description = host.groups.describe(request.groupId)
  if (description !== undefined) return Promise.resolve({ errorCode: ErrorCode.none, ...description })
  const dead = { groupId: request.groupId, groupState: 'Dead' }
  if (caller.apiVersion < NOT_FOUND_SINCE_DESCRIBE_VERSION) return Promise.resolve(dead)
  return Promise.resolve({
    ...dead,
    errorCode: ErrorCode.groupIdNotFound,
    errorMessage: `Group ${request.groupId} not found.`,
  })
}

async function deleteGroup(
  call: CallHost,
  host: HostedPartition,
  request: GroupCalls['deleteGroup']['request'],
): Promise<GroupCalls['deleteGroup']['answer']> {
  const { value, written } = call.perform(host, (step) => host.groups.deleteGroup(step, request.groupId))
  const code = (await written) ?? ErrorCode.none
  return { errorCode: code === ErrorCode.none ? value : code }
}

async function deleteOffsets(
  call: CallHost,
  host: HostedPartition,
  request: GroupCalls['deleteOffsets']['request'],
): Promise<GroupCalls['deleteOffsets']['answer']> {
  const { value, written } = call.perform(host, (step) => host.groups.deleteOffsets(step, request))
  const code = (await written) ?? ErrorCode.none
  return code === ErrorCode.none ? value : refusal('deleteOffsets', request, code)
}

/** A random UUID (version 4) in its usual form. */
function randomUuid(entropy: Entropy): string {
  const bytes = entropy.bytes(16)
  let text = ''
  for (let index = 0; index < 16; index += 1) {
    let byte = bytes[index] ?? 0
    if (index === 6) byte = (byte & 0x0f) | 0x40
    if (index === 8) byte = (byte & 0x3f) | 0x80
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-'
    text += byte.toString(16).padStart(2, '0')
  }
  return text
}
