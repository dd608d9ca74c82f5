import type { Id } from '../jute/generated/data.ts'

/** What both ends send as their version of the learner protocol since 3.4. */
export const learnerProtocolVersion: number = 0x1_0000

/** What `server.N=` and `myid` name. */
export type ServerId = number

/** One connection on the quorum port, numbered by the host, never reused. */
export type LinkId = number

/** The id, zxid and epoch that a server without a vote reports: the lowest 64-bit value, which a double holds exactly. */
export const noVote: number = -(2 ** 63)

/** One transaction of the history. */
export interface Entry {
  readonly zxid: number
  /** Header, transaction and digest, as in the log and in a PROPOSAL. */
  readonly bytes: Uint8Array
  /** The configuration text when it is a reconfiguration. */
  readonly config: string | null
}

export type ElectionRole = 'looking' | 'following' | 'leading' | 'observing'

/** What one server tells another on the election port. */
export interface Notification {
  readonly role: ElectionRole
  readonly leader: ServerId
  readonly zxid: number
  /** The election's number ("electionEpoch" in the original, where it is no epoch). */
  readonly round: number
  readonly peerEpoch: number
  /** Configuration text; null from servers older than 3.5. */
  readonly config: string | null
}

export interface SessionTouch {
  readonly sessionId: bigint
  readonly timeoutMs: number
}

/** A client's request on its way to the leader. */
export interface ForwardedRequest {
  readonly sessionId: bigint
  readonly cxid: number
  readonly operation: number
  readonly body: Uint8Array
  readonly identities: readonly Id[]
}

/** The packets of the quorum port, without their encoding. See `wire/learner-codec.ts`. */
export type LearnerMessage =
  | {
      readonly type: 'followerInfo' | 'observerInfo'
      readonly acceptedEpoch: number
      readonly serverId: ServerId
      readonly protocolVersion: number
      readonly configVersion: number
    }
  | { readonly type: 'leaderInfo'; readonly epoch: number; readonly protocolVersion: number }
  /** `currentEpoch` is -1 when this epoch was accepted before: then it does not count as a promise. */
  | { readonly type: 'ackEpoch'; readonly lastZxid: number; readonly currentEpoch: number }
  | { readonly type: 'diff' | 'trunc'; readonly zxid: number }
  /** A snapshot of the tree as it is when the effect is carried out; received: the host has the whole of it at hand. */
  | { readonly type: 'snap'; readonly zxid: number }
  | { readonly type: 'newLeader'; readonly zxid: number; readonly config: string | null }
  | { readonly type: 'ack'; readonly zxid: number }
  | { readonly type: 'upToDate' }
  | { readonly type: 'proposal' | 'inform'; readonly entry: Entry }
  | { readonly type: 'commit'; readonly zxid: number }
  | { readonly type: 'commitAndActivate'; readonly zxid: number; readonly designatedLeader: ServerId }
  | { readonly type: 'informAndActivate'; readonly entry: Entry; readonly designatedLeader: ServerId }
  | { readonly type: 'request'; readonly request: ForwardedRequest }
  /** Null from the leader; a learner answers with a table, empty when no session was touched. */
  | { readonly type: 'ping'; readonly zxid: number; readonly touches: readonly SessionTouch[] | null }
  | { readonly type: 'revalidate'; readonly sessionId: bigint; readonly timeoutMs: number }
  | { readonly type: 'revalidated'; readonly sessionId: bigint; readonly isValid: boolean }
  | { readonly type: 'sync' }

/** What happened. Everything the core learns comes through here, with the time beside it. */
export type Input =
  | { readonly kind: 'start' }
  /** Time passed; due when `nextDeadlineMs` says so, harmless otherwise. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'notification'; readonly from: ServerId; readonly notification: Notification }
  /** The election connection to a peer came up or went away. */
  | { readonly kind: 'electionLink'; readonly peer: ServerId; readonly isUp: boolean }
  /** A connection to `dialed` stands; null for a learner's that was accepted. */
  | { readonly kind: 'linkUp'; readonly link: LinkId; readonly dialed: ServerId | null }
  | { readonly kind: 'dialFailed'; readonly peer: ServerId }
  | { readonly kind: 'linkDown'; readonly link: LinkId }
  | { readonly kind: 'message'; readonly link: LinkId; readonly message: LearnerMessage }
  /** Part of a snapshot came or left over this connection: slow, but alive. */
  | { readonly kind: 'progress'; readonly link: LinkId }
  /** Everything up to this persist effect is durable. */
  | { readonly kind: 'persisted'; readonly sequence: number }
  | { readonly kind: 'persistFailed'; readonly reason: string }
  /** A snapshot of the tree is durable: nothing before it can be cut any more. Taken only while serving. */
  | { readonly kind: 'snapshotTaken'; readonly zxid: number }
  /** What `readLog` asked for; null when the log does not reach back that far or is too much to send. */
  | { readonly kind: 'logRead'; readonly link: LinkId; readonly entries: readonly Entry[] | null }
  /** The serving leader's next transaction, prepared; its zxid is `nextZxid`. */
  | { readonly kind: 'propose'; readonly entry: Entry }
  /** A learner's client asks for something that only the leader may decide. */
  | { readonly kind: 'forward'; readonly request: ForwardedRequest }
  | { readonly kind: 'askRevalidation'; readonly sessionId: bigint; readonly timeoutMs: number }
  | {
      readonly kind: 'answerRevalidation'
      readonly link: LinkId
      readonly sessionId: bigint
      readonly isValid: boolean
    }
  /** A sync passed the leader's preparation: `link` is who asked, null the leader's own client. */
  | { readonly kind: 'syncPoint'; readonly link: LinkId | null }

/** One step on the disk. */
export type DiskWrite =
  | { readonly kind: 'append'; readonly entry: Entry }
  /** Cut the log behind `zxid` (0: empty it), then rebuild the tree from what is left. */
  | { readonly kind: 'truncate'; readonly zxid: number }
  /**
   * Make the snapshot received over `link` the whole history, in one atomic step, and the tree. The connection may close
   * before this is carried out; the snapshot must not go with it.
   */
  | { readonly kind: 'installSnapshot'; readonly zxid: number; readonly link: LinkId }
  | { readonly kind: 'acceptedEpoch' | 'currentEpoch'; readonly epoch: number }
  | { readonly kind: 'config'; readonly which: 'current' | 'next'; readonly text: string }

export type Effect =
  /**
   * Writes in this order and behind all earlier ones. An epoch, a truncation and a snapshot are durable before the next
   * write starts, and start only when all before is durable. Answered by `persisted`.
   */
  | { readonly kind: 'persist'; readonly sequence: number; readonly writes: readonly DiskWrite[] }
  | { readonly kind: 'notify'; readonly to: ServerId; readonly notification: Notification }
  | { readonly kind: 'dial'; readonly peer: ServerId }
  | { readonly kind: 'closeLink'; readonly link: LinkId; readonly reason: string }
  | { readonly kind: 'send'; readonly link: LinkId; readonly message: LearnerMessage }
  /** PROPOSAL and COMMIT of each entry, in order and as quickly as the learner takes them; what is sent later follows. */
  | { readonly kind: 'sendHistory'; readonly link: LinkId; readonly entries: readonly Entry[] }
  /** Answer the leader's ping with the sessions touched since the last one. */
  | { readonly kind: 'sendTouches'; readonly link: LinkId; readonly zxid: number }
  /** Entries from `fromZxid` on, this one included, for a learner that is behind the window. Answered by `logRead`. */
  | { readonly kind: 'readLog'; readonly link: LinkId; readonly fromZxid: number }
  /** Committed: apply to the tree and answer whoever waits. */
  | { readonly kind: 'apply'; readonly entry: Entry }
  /** The log is ahead of the tree: apply, answer nobody. Happens only while nobody is served. */
  | { readonly kind: 'fastForward'; readonly entry: Entry }
  | { readonly kind: 'role'; readonly role: ElectionRole; readonly reason: string }
  | { readonly kind: 'serve'; readonly role: 'leading' | 'following' | 'observing'; readonly epoch: number }
  | { readonly kind: 'stopServing'; readonly reason: string }
  | { readonly kind: 'configActivated'; readonly text: string }
  /** Leader: a learner's request, for preparation. */
  | { readonly kind: 'submit'; readonly link: LinkId; readonly request: ForwardedRequest }
  | { readonly kind: 'touch'; readonly touches: readonly SessionTouch[] }
  | { readonly kind: 'revalidate'; readonly link: LinkId; readonly sessionId: bigint; readonly timeoutMs: number }
  | { readonly kind: 'revalidated'; readonly sessionId: bigint; readonly isValid: boolean }
  /** This server's oldest waiting sync is complete. */
  | { readonly kind: 'synced' }
  /** The server must stop: it can promise nothing more. */
  | { readonly kind: 'halt'; readonly reason: string }
