import { BugError } from '../../base/assert.ts'
import type { DiskError } from '../../io/ports.ts'
import { RingQueue } from '../../base/ring-queue.ts'
import type { LogWriter } from '../storage/log-writer.ts'
import type { Txn } from '../tree/txn.ts'

/** What the pipeline needs between preparing and applying: an order, and a promise that it will not be forgotten. */
export interface Proposer {
  /** Takes a prepared transaction, in the order of zxids. */
  propose(txn: Txn): void
  /** The turn is over: what was proposed in it may go. */
  flush(): void
  /** Proposals that are neither committed nor refused. */
  readonly outstandingCount: number
  /** A client of this server wants to see all that was decided before; it is told later. Absent: there is nothing to wait for. */
  sync?(): void
}

export interface ProposerHandlers {
  /** Transactions that are now decided, each once, in the order of zxids. Called in one go per group. */
  committed(txns: readonly Txn[]): void
  /** Nothing more can be promised: the server must stop and answer nothing. */
  failed(error: DiskError): void
}

/** More than the server ever lets in, see `outstandingMax`; internal transactions come on top. */
const PROPOSALS_MAX = 1 << 20

/**
 * A server on its own: its log is the quorum. While one group is being synced the next one gathers, so that the number
 * of syncs follows the disk and not the number of requests; a lone request is synced at once.
 */
export class LocalProposer implements Proposer {
  readonly #log: LogWriter
  readonly #handlers: ProposerHandlers
  readonly #waiting = new RingQueue<Txn>(PROPOSALS_MAX)
  #isSyncing = false
  #isStopped = false

  constructor(log: LogWriter, handlers: ProposerHandlers) {
    this.#log = log
    this.#handlers = handlers
  }

  get outstandingCount(): number {
    return this.#waiting.size
  }

  propose(txn: Txn): void {
    if (this.#isStopped) return
    if (this.#guard(() => this.#log.append(txn))) this.#waiting.push(txn)
  }

  flush(): void {
    if (this.#isSyncing || this.#isStopped || this.#log.stagedBytes === 0) return
    const groupSize = this.#waiting.size
    // A lone write on a quick disk: its client waits for nothing else, and nobody else wrote in this turn. Handing the
    // sync to another thread and hearing back would cost as much again.
    if (groupSize === 1 && this.#log.isQuick) {
      if (this.#guard(() => this.#log.flushNow())) this.#synced(groupSize)
      return
    }
    this.#syncAside(groupSize)
  }

  #syncAside(groupSize: number): void {
    this.#isSyncing = true
    this.#log.flush().then(
      () => this.#synced(groupSize),
      (error: unknown) => this.#fail(error),
    )
  }

  /** Commits nothing from here on. */
  stop(): void {
    this.#isStopped = true
  }

  #synced(groupSize: number): void {
    if (this.#isStopped) return
    this.#isSyncing = false
    const group: Txn[] = []
    for (let index = 0; index < groupSize; index += 1) {
      const txn = this.#waiting.shift()
      if (txn !== undefined) group.push(txn)
    }
    // The next group goes to the disk before this one is answered: aside, also when it is a lone write, since one that
    // was done at once would be committed before this group is.
    if (this.#log.stagedBytes > 0) this.#syncAside(this.#waiting.size)
    this.#handlers.committed(group)
  }

  /** @returns whether the step went well */
  #guard(step: () => void): boolean {
    try {
      step()
      return true
    } catch (error) {
      this.#fail(error)
      return false
    }
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return
    this.#isStopped = true
    if (!isDiskError(error)) throw error instanceof Error ? error : new BugError(String(error))
    this.#handlers.failed(error)
  }
}

function isDiskError(error: unknown): error is DiskError {
  return error instanceof Error && error.name === 'DiskError'
}
