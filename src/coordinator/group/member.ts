import { type GroupTimer, groupTimer } from './timer.ts'

/** "Nobody waits": waiters are numbers that the driver hands out from 1 upward. */
export const NO_WAITER = 0

/** One assignor a member can work with, most wanted first; the metadata is opaque to the broker. */
export interface MemberProtocol {
  readonly name: string
  readonly metadata: Uint8Array
}

const NO_BYTES = new Uint8Array(0)

/** A member of a classic group. Owned by its group; never shared. */
export class ClassicMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly protocolType: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  protocols: readonly MemberProtocol[]
  assignment: Uint8Array = NO_BYTES
  /** Its parked JoinGroup. Change only through the group, which counts them. */
  joinWaiter: number = NO_WAITER
  /** Its parked SyncGroup. */
  syncWaiter: number = NO_WAITER
  /**
   * Its first JoinGroup has not been answered: it may not know its id, so it cannot heartbeat, and while it waits its
   * session may expire.
   */
  isNew: boolean = false
  readonly session: GroupTimer

  constructor(
    partition: number,
    groupId: string,
    fields: {
      readonly memberId: string
      readonly instanceId: string | null
      readonly clientId: string
      readonly clientHost: string
      readonly protocolType: string
      readonly rebalanceTimeoutMs: number
      readonly sessionTimeoutMs: number
      readonly protocols: readonly MemberProtocol[]
    },
  ) {
    this.memberId = fields.memberId
    this.instanceId = fields.instanceId
    this.clientId = fields.clientId
    this.clientHost = fields.clientHost
    this.protocolType = fields.protocolType
    this.rebalanceTimeoutMs = fields.rebalanceTimeoutMs
    this.sessionTimeoutMs = fields.sessionTimeoutMs
    this.protocols = fields.protocols
    this.session = groupTimer('session', partition, groupId, fields.memberId)
  }

  /** A member that waits for us cannot be expected to send heartbeats, except one that is new. */
  get isExcusedFromHeartbeats(): boolean {
    return !this.isNew && (this.joinWaiter !== NO_WAITER || this.syncWaiter !== NO_WAITER)
  }

  /** What it sent for `protocolName`, empty when it does not know that protocol. */
  metadataFor(protocolName: string): Uint8Array {
    for (const protocol of this.protocols) if (protocol.name === protocolName) return protocol.metadata
    return NO_BYTES
  }

  /** The protocol it likes best among `candidates`. */
  vote(candidates: ReadonlySet<string>): string | undefined {
    return this.protocols.find((protocol) => candidates.has(protocol.name))?.name
  }

  /** Whether a new JoinGroup says what the last one said: same protocols, order and metadata. */
  hasSameProtocols(protocols: readonly MemberProtocol[]): boolean {
    if (protocols.length !== this.protocols.length) return false
    return protocols.every((protocol, index) => {
      const own = this.protocols[index]
      return own !== undefined && own.name === protocol.name && hasSameBytes(own.metadata, protocol.metadata)
    })
  }
}

function hasSameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false
  return true
}
