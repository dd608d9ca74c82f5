import type { ClusterView } from '../../cluster/view.ts'
import type { CreateTopicSpec } from '../../cluster/contract.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { OFFSETS_TOPIC } from '../../model/names.ts'
import type { RequestContext } from '../request-context.ts'
import type { GroupCalls, GroupMethod, GroupService } from './contract.ts'
import type { GroupCoordinator } from './group-coordinator.ts'
import { refusal } from './refusals.ts'
import type { GroupSettings } from './settings.ts'
import type { GroupCaller, GroupMessage, GroupTransport } from './transport.ts'

export interface GroupRoutingOptions {
  readonly brokerId: number
  readonly view: ClusterView
  /** Index of this shard, and how many the node has. */
  readonly shard: number
  readonly shardCount: number
  readonly local: GroupCoordinator
  readonly transport: GroupTransport
  readonly settings: GroupSettings
}

/** Finds the shard that owns a group; one per worker. */
export class GroupRouter implements GroupService {
  readonly #options: GroupRoutingOptions

  constructor(options: GroupRoutingOptions) {
    this.#options = options
  }

  partitionOf(groupId: string): number {
    const created = this.#options.view.topic(OFFSETS_TOPIC)?.partitions.length ?? 0
    return partitionOfGroup(groupId, created > 0 ? created : this.#options.settings.partitionCount)
  }

  offsetsTopic(liveBrokerCount: number): CreateTopicSpec {
    return this.#options.settings.offsetsTopic(liveBrokerCount)
  }

  async call<Method extends GroupMethod>(
    method: Method,
    groupId: string,
    request: GroupCalls[Method]['request'],
    context: RequestContext,
  ): Promise<GroupCalls[Method]['answer']> {
    const { view, brokerId } = this.#options
    const partition = this.partitionOf(groupId)
    const place = view.partition(OFFSETS_TOPIC, partition)
    if (place === undefined || place.leader !== brokerId || place.shard < 0) {
      return refusal(method, request, ErrorCode.notCoordinator)
    }
    const message = { method, partition, groupId, request, caller: callerOf(context) }
    // The transport and `handle` carry every method; the answer is the one of the method that was sent.
    return (await this.#ask(place.shard, message)) as GroupCalls[Method]['answer']
  }

  async callAll<Method extends GroupMethod>(
    method: Method,
    request: GroupCalls[Method]['request'],
    context: RequestContext,
  ): Promise<readonly GroupCalls[Method]['answer'][]> {
    const message = { method, partition: -1, groupId: '', request, caller: callerOf(context) }
    const asked: Promise<unknown>[] = []
    for (let shard = 0; shard < this.#options.shardCount; shard += 1) asked.push(this.#ask(shard, message))
    return (await Promise.all(asked)) as GroupCalls[Method]['answer'][]
  }

  /** A call that another shard sent here. */
  onForwarded(message: GroupMessage): Promise<unknown> {
    return this.#options.local.handle(message)
  }

  #ask(shard: number, message: GroupMessage): Promise<unknown> {
    if (shard === this.#options.shard) return this.#options.local.handle(message)
    return this.#options.transport.send(shard, message)
  }
}

/** Kafka's placement: the absolute value of the Java hash of the group's name, modulo the number of partitions. The least integer, which has none, counts as 0. */
export function partitionOfGroup(groupId: string, partitionCount: number): number {
  let hash = 0
  for (let index = 0; index < groupId.length; index += 1) hash = (Math.imul(hash, 31) + groupId.charCodeAt(index)) | 0
  return (hash === -0x8000_0000 ? 0 : Math.abs(hash)) % partitionCount
}

function callerOf(context: RequestContext): GroupCaller {
  return {
    apiVersion: context.apiVersion,
    clientId: context.clientId ?? '',
    // As Java prints an address: operators' tools and stored groups have the slash.
    clientHost: `/${context.clientHost}`,
  }
}
